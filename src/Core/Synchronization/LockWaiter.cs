namespace GreenletBridge;

/// <summary>An awaited wait for a lock, which is held until its result is disposed.</summary>
/// <param name="wait">The wait.</param>
/// <param name="resultOf">Gives the result: of the hold, null when the time was up, and the time.</param>
/// <param name="timeout">Null or infinite: no limit.</param>
/// <param name="cancellationToken">Ends the wait.</param>
internal sealed class LockWaiter<T>(LockWait wait, Func<GreenletHold?, TimeSpan?, T> resultOf, TimeSpan? timeout, CancellationToken cancellationToken)
    : AwaitedWaiter<T>(wait, timeout, cancellationToken)
{
    protected override T ResultOf(WaitOutcome outcome)
    {
        // It was entered for the lock alone.
        if (outcome != WaitOutcome.Completed)
            (wait.Owner as FlowScope)?.Leave();
        return resultOf(WaitLimit.Came(outcome, Token) ? new GreenletHold(wait.Lock, wait.Owner) : null, Timeout);
    }
}
