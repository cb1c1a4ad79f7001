namespace GreenletBridge.FastMode;

/// <summary>The stack of a greenlet with a value.</summary>
internal sealed class FunctionStack<T>(Greenlet<T> greenlet) : WovenStack(greenlet)
{
    internal void Begin(Func<object?, WovenStack, T> entry, object? target)
    {
        var value = entry(target, this);
        if (!ParkIfSuspending())
            End(value);
    }

    internal void Begin(Func<object?, object?[], WovenStack, T> entry, object? target, object?[] arguments)
    {
        var value = entry(target, arguments, this);
        if (!ParkIfSuspending())
            End(value);
    }

    private protected override void Complete()
    {
        if (TakeError() is { } error)
        {
            Greenlet.NoteContext();
            Greenlet.End(error);
            return;
        }

        End(Take<T>());
    }

    private void End(T value)
    {
        Greenlet.NoteContext();
        ((Greenlet<T>)Greenlet).EndWith(value);
    }
}
