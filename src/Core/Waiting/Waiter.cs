namespace GreenletBridge;

/// <summary>The one waiter under every hub wait: it ends once, in one of the ways of <see cref="WaitOutcome"/>.</summary>
internal abstract class Waiter : WorkItem, IKillableWait
{
    private readonly IWaitSource? _source;
    private int _outcome;

    private protected Waiter(IWaitSource? source) => _source = source;

    internal IWaitSource? Source => _source;

    internal WaitOutcome Outcome => (WaitOutcome)Volatile.Read(ref _outcome);

    /// <summary>The exception to throw when it was killed.</summary>
    internal Exception? Kill { get; private set; }

    /// <summary>Any thread: ends the wait. False when it had ended already.</summary>
    internal bool TryEnd(WaitOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref _outcome, (int)outcome, (int)WaitOutcome.None) != (int)WaitOutcome.None)
            return false;
        OnEnded();
        return true;
    }

    /// <inheritdoc />
    public KillReach TryKill(Exception exception)
    {
        // Written before the outcome that makes it be read; a second killer only replaces it by its own.
        Kill = exception;
        return TryEnd(WaitOutcome.Killed) ? KillReach.Yes : KillReach.No;
    }

    /// <inheritdoc />
    public string Describe() => _source?.Describe() ?? "time to pass";

    /// <summary>Wakes whoever waits; any thread, must not block.</summary>
    protected abstract void OnEnded();
}
