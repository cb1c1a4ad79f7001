namespace GreenletBridge.FastMode;

/// <summary>The stack of a greenlet without a value.</summary>
internal sealed class ActionStack(Greenlet greenlet) : WovenStack(greenlet)
{
    internal void Begin(Action<object?, WovenStack> entry, object? target)
    {
        entry(target, this);
        if (!ParkIfSuspending())
            End(null);
    }

    internal void Begin(Action<object?, object?[], WovenStack> entry, object? target, object?[] arguments)
    {
        entry(target, arguments, this);
        if (!ParkIfSuspending())
            End(null);
    }

    private protected override void Complete() => End(TakeError());

    private void End(Exception? error)
    {
        Greenlet.NoteContext();
        Greenlet.End(error);
    }
}
