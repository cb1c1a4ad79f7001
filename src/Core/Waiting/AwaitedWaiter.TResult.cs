using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace GreenletBridge;

/// <summary>An awaited wait that gives something.</summary>
internal abstract class AwaitedWaiter<T>(IWaitSource? source, TimeSpan? timeout, CancellationToken cancellationToken)
    : AwaitedWaiter(source, timeout, cancellationToken), IValueTaskSource<T>, IValueTaskSource
{
    private T? _result;

    /// <summary>Begins the wait.</summary>
    internal ValueTask<T> Start()
    {
        Begin();
        return new ValueTask<T>(this, 0);
    }

    [SuppressMessage("Usage", "VSTHRD002", Justification = "Who asks too early, instead of awaiting, waits for it: as with a Task.")]
    public T GetResult(short token)
    {
        if (!IsDone)
            return new ValueTask<T>(this, token).AsTask().GetAwaiter().GetResult();
        ThrowIfFailed();
        return _result!;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <inheritdoc cref="AwaitedWaiter.SetResult"/>
    protected abstract T ResultOf(WaitOutcome outcome);

    protected sealed override void SetResult(WaitOutcome outcome) => _result = ResultOf(outcome);
}
