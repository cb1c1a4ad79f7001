namespace GreenletBridge;

/// <summary>The one waiter under every hub wait: it ends once, in one of the ways of <see cref="WaitOutcome"/>.</summary>
internal abstract class Waiter : WorkItem, IKillableWait
{
    // The list it waits in, guarded by that list's owner.
    internal Waiter? Previous;
    internal Waiter? Following;
    internal bool InList;

    private readonly IWaitSource? _source;
    private int _outcome;

    private protected Waiter(IWaitSource? source) => _source = source;

    internal IWaitSource? Source => _source;

    internal WaitOutcome Outcome => (WaitOutcome)Volatile.Read(ref _outcome);

    /// <inheritdoc />
    public long Since { get; } = Environment.TickCount64;

    /// <inheritdoc />
    public long Began { get; set; }

    /// <summary>The exception to throw when it was killed.</summary>
    internal Exception? Kill { get; private set; }

    /// <summary>Any thread: ends the wait. False when it had ended already.</summary>
    internal bool TryEnd(WaitOutcome outcome)
    {
        if (!TryDecide(outcome))
            return false;
        Wake();
        return true;
    }

    /// <summary>The first half of <see cref="TryEnd"/>, for who holds a lock: decides how the wait ends. Whoever gets true owes it <see cref="Wake"/>.</summary>
    internal bool TryDecide(WaitOutcome outcome) =>
        Interlocked.CompareExchange(ref _outcome, (int)outcome, (int)WaitOutcome.None) == (int)WaitOutcome.None;

    /// <summary>The second half of <see cref="TryEnd"/>.</summary>
    internal void Wake() => OnEnded();

    /// <inheritdoc />
    public FlowScope? Flow { get; set; }

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
