namespace GreenletBridge;

/// <summary>A blocking delegate: it keeps its stack, so it parks its thread when it waits.</summary>
internal sealed class BlockingBody(Action action) : Body
{
    internal override bool IsBlocking => true;

    internal override void Invoke()
    {
        action();
        Greenlet.NoteContext();
        Greenlet.End(null);
    }
}
