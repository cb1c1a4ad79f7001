namespace GreenletBridge.FastMode;

/// <summary>The stack of a woven call without a value.</summary>
internal sealed class CallStack(Greenlet greenlet) : AwaitedStack(greenlet)
{
    internal ValueTask<object?> Begin(Action<object?, object?[], WovenStack> entry, object? target, object?[] arguments)
    {
        try
        {
            entry(target, arguments, this);
        }
        finally
        {
            Greenlet.IsInWoven = false;
        }

        return Suspending ? ParkAndAwait() : default;
    }

    private protected override object? TakeValue() => null;
}
