namespace GreenletBridge;

/// <summary>The end of the ready queue: what a yielding greenlet waits for.</summary>
internal sealed class YieldSource(Dispatcher dispatcher, WorkKind kind = WorkKind.Turn) : WorkItem(kind), IWaitSource
{
    private Waiter? _waiter;
    private int _isQueued;

    internal override bool RunsOnScheduler => true;

    public bool TryAdd(Waiter waiter)
    {
        // A wait that goes on after a kill that could not be thrown finds it in the queue still: its turn is the one that comes.
        Volatile.Write(ref _waiter, waiter);
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
            dispatcher.Post(this);
        return true;
    }

    public void Remove(Waiter waiter)
    {
        // It comes round once and finds a waiter that has ended.
    }

    public string Describe() => Kind == WorkKind.Idle ? "its hub to be idle" : "its turn";

    internal override void Run(Runner runner)
    {
        Interlocked.Exchange(ref _isQueued, 0);
        Volatile.Read(ref _waiter)!.TryEnd(WaitOutcome.Completed);
    }
}
