namespace GreenletBridge.FastMode;

/// <summary>The stack of a woven call inside of a greenlet of async code, which awaits it.</summary>
internal sealed class CallStack<T>(Greenlet greenlet) : WovenStack(greenlet)
{
    private TaskCompletionSource<T>? _ended;

    internal ValueTask<T> Begin(Func<object?, object?[], WovenStack, T> entry, object? target, object?[] arguments)
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

        if (!Suspending)
            return new ValueTask<T>(value);
        // The awaiting code goes on by a post of its own: inline it would run under what this code left behind.
        _ended = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        ParkIfSuspending();
        return new ValueTask<T>(_ended.Task);
    }

    private protected override void Complete()
    {
        if (TakeError() is { } error)
            _ended!.SetException(error);
        else
            _ended!.SetResult(Take<T>());
    }
}
