namespace GreenletBridge.FastMode.Build;

/// <summary>What the evaluation stack knows of a value.</summary>
internal enum StackKind
{
    Int32,
    Int64,
    Native,
    Single,
    Double,
    Object,
    Value,
    Reference,
}
