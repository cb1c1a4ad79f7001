namespace GreenletBridge.FastMode;

/// <summary>The stack of a woven call that has a value.</summary>
internal sealed class CallStack<T>(Greenlet greenlet) : AwaitedStack(greenlet)
{
    internal ValueTask<object?> Begin(Func<object?, object?[], WovenStack, T> entry, object? target, object?[] arguments)
    {
        T value;
        try
        {
            value = entry(target, arguments, this);
        }
        finally
        {
            Greenlet.IsInWoven = false;
        }

        return Suspending ? ParkAndAwait() : new ValueTask<object?>(value);
    }

    private protected override object? TakeValue() => Take<T>();
}
