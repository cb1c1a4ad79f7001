namespace GreenletBridge;

/// <summary>As <see cref="GetWaiter{T}"/>, for who wants to know whether there was one.</summary>
internal sealed class TryGetWaiter<T>(QueueCore<T> queue, TakeWait<T> wait, TimeSpan? timeout, CancellationToken cancellationToken)
    : AwaitedWaiter<(bool IsTaken, T? Item)>(wait, timeout, cancellationToken)
{
    protected override (bool IsTaken, T? Item) ResultOf(WaitOutcome outcome)
    {
        outcome = queue.EndOf(wait, outcome, Token, out var item);
        return (outcome == WaitOutcome.Completed, item);
    }
}
