using System.Threading.Tasks.Sources;

namespace GreenletBridge.FastMode;

/// <summary>The stack of a woven call inside of a greenlet of async code, which awaits it: what is awaited is the stack itself.</summary>
internal abstract class AwaitedStack(Greenlet greenlet) : WovenStack(greenlet), IValueTaskSource<object?>
{
    // The awaiting code goes on by a post of its own: inline it would run under what this code left behind. With a Task, each request would
    // allocate it, what it keeps of the context, and a state machine that boxes its value.
    private ManualResetValueTaskSourceCore<object?> _ended = new() { RunContinuationsAsynchronously = true };

    object? IValueTaskSource<object?>.GetResult(short token) => _ended.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<object?>.GetStatus(short token) => _ended.GetStatus(token);

    void IValueTaskSource<object?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _ended.OnCompleted(continuation, state, token, flags);

    /// <summary>The first call has returned and waits.</summary>
    private protected ValueTask<object?> ParkAndAwait()
    {
        ParkIfSuspending();
        return new ValueTask<object?>(this, _ended.Version);
    }

    /// <summary>What the outermost frame returned.</summary>
    private protected abstract object? TakeValue();

    private protected override void Complete()
    {
        if (TakeError() is { } error)
            _ended.SetException(error);
        else
            _ended.SetResult(TakeValue());
    }
}
