namespace GreenletBridge.FastMode;

/// <summary>A value on its way from a callee that waited to its caller.</summary>
internal sealed class Cell<T>(T value)
{
    internal readonly T Value = value;
}
