namespace GreenletBridge.FastMode;

/// <summary>The stack of a woven call without a value inside of a greenlet of async code, which awaits it.</summary>
internal sealed class CallStack(Greenlet greenlet) : WovenStack(greenlet)
{
    private TaskCompletionSource<object?>? _ended;

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

        if (!Suspending)
            return default;
        _ended = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        ParkIfSuspending();
        return new ValueTask<object?>(_ended.Task);
    }

    private protected override void Complete()
    {
        if (TakeError() is { } error)
            _ended!.SetException(error);
        else
            _ended!.SetResult(null);
    }
}
