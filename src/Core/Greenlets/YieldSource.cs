namespace GreenletBridge;

/// <summary>The end of the ready queue: what a yielding greenlet waits for.</summary>
internal sealed class YieldSource(Dispatcher dispatcher, WorkKind kind = WorkKind.Turn) : WorkItem(kind), IWaitSource
{
    private Waiter? _waiter;

    internal override bool RunsOnScheduler => true;

    public bool TryAdd(Waiter waiter)
    {
        _waiter = waiter;
        dispatcher.Post(this);
        return true;
    }

    public void Remove(Waiter waiter)
    {
        // It comes round once and finds a waiter that has ended.
    }

    public string Describe() => Kind == WorkKind.Idle ? "its hub to be idle" : "its turn";

    internal override void Run(Runner runner) => _waiter!.TryEnd(WaitOutcome.Completed);
}
