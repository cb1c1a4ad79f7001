namespace GreenletBridge;

/// <summary>A blocking delegate with a value.</summary>
internal sealed class BlockingBody<T> : Body
{
    internal static BlockingBody<T> Instance { get; } = new();

    internal override bool IsBlocking => true;

    /// <inheritdoc cref="BlockingBody.For"/>
    internal static Body For(Func<T> code) => WovenBody.Finder?.Find(code) ?? Instance;

    internal override void Invoke(Greenlet greenlet, Delegate code)
    {
        var value = ((Func<T>)code)();
        greenlet.NoteContext();
        ((Greenlet<T>)greenlet).EndWith(value);
    }
}
