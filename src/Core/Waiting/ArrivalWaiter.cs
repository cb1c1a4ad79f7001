namespace GreenletBridge;

/// <summary>An awaited wait that gives whether what was waited for has come.</summary>
internal sealed class ArrivalWaiter(IWaitSource source, TimeSpan? timeout, CancellationToken cancellationToken) : AwaitedWaiter<bool>(source, timeout, cancellationToken)
{
    protected override bool ResultOf(WaitOutcome outcome) => WaitLimit.Came(outcome, Token);
}
