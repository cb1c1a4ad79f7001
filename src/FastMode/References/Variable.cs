using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>A local or a parameter of woven code that is passed by reference to what may wait.</summary>
/// <typeparam name="T">Its type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Variable<T> : Ref<T>
{
#pragma warning disable CA1051, MA0069 // Woven code takes its address
    /// <summary>Its value.</summary>
    public T Value = default!;
#pragma warning restore CA1051, MA0069

    /// <inheritdoc />
    public override ref T Place => ref Value;

    /// <inheritdoc />
    public override object Owner => this;
}
