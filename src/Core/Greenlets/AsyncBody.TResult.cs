namespace GreenletBridge;

/// <summary>An async delegate with a value.</summary>
internal sealed class AsyncBody<T> : AsyncBody
{
    internal static new AsyncBody<T> Instance { get; } = new();

    protected override void EndWithValue(Greenlet greenlet, Task task) => ((Greenlet<T>)greenlet).EndWith(((Task<T>)task).Result);
}
