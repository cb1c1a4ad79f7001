namespace GreenletBridge;

/// <summary>An awaited wait for an item of a queue.</summary>
internal sealed class GetWaiter<T>(QueueCore<T> queue, TakeWait<T> wait, TimeSpan? timeout, CancellationToken cancellationToken)
    : AwaitedWaiter<T>(wait, timeout, cancellationToken)
{
    protected override T ResultOf(WaitOutcome outcome)
    {
        outcome = queue.EndOf(wait, outcome, Token, out var item);
        return outcome == WaitOutcome.Again ? item : queue.Came(outcome, item, Timeout);
    }
}
