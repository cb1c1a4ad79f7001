namespace GreenletBridge;

/// <summary>A blocking delegate with a value.</summary>
internal sealed class BlockingBody<T>(Func<T> function) : Body
{
    internal override bool IsBlocking => true;

    internal override void Invoke()
    {
        var value = function();
        Greenlet.NoteContext();
        ((Greenlet<T>)Greenlet).EndWith(value);
    }
}
