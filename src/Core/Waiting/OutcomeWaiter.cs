namespace GreenletBridge;

/// <summary>An awaited wait that gives how it ended.</summary>
internal sealed class OutcomeWaiter(IWaitSource? source, TimeSpan? timeout, CancellationToken cancellationToken) : AwaitedWaiter<WaitOutcome>(source, timeout, cancellationToken)
{
    protected override WaitOutcome ResultOf(WaitOutcome outcome) => outcome;
}
