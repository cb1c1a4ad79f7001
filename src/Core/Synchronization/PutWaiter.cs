namespace GreenletBridge;

/// <summary>An awaited wait for room in a queue. Whether the item was put.</summary>
internal sealed class PutWaiter<T>(QueueCore<T> queue, PutWait<T> wait, bool isTry, TimeSpan? timeout, CancellationToken cancellationToken)
    : AwaitedWaiter<bool>(wait, timeout, cancellationToken)
{
    protected override bool ResultOf(WaitOutcome outcome)
    {
        outcome = queue.EndOf(wait, outcome, Token);
        return outcome != WaitOutcome.Again && (queue.WasPut(outcome) || (isTry ? false : throw queue.NotPut(Timeout)));
    }
}
