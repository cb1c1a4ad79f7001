namespace GreenletBridge;

/// <summary>A blocking delegate: it keeps its stack, so it parks its thread when it waits.</summary>
internal sealed class BlockingBody : Body
{
    internal static BlockingBody Instance { get; } = new();

    internal override bool IsBlocking => true;

    /// <summary>What runs the delegate: its woven form if it has one.</summary>
    internal static Body For(Action code) => WovenBody.Finder?.Find(code) ?? Instance;

    internal override void Invoke(Greenlet greenlet, Delegate code)
    {
        ((Action)code)();
        greenlet.NoteContext();
        greenlet.End(null);
    }
}
