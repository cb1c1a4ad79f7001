namespace GreenletBridge;

/// <summary>A wait of a blocking segment: its thread is parked and gets the baton when the wait has ended.</summary>
internal sealed class GreenletWaiter(IWaitSource? source, IWaitOwner owner, Runner runner) : Waiter(source)
{
    private const int Preparing = 0;
    private const int Parked = 1;
    private const int Ended = 2;
    private int _phase;

    internal override Runner Target => runner;

    /// <summary>The owner: parks until the wait has ended; at once if it has.</summary>
    internal void Park()
    {
        if (Interlocked.CompareExchange(ref _phase, Parked, Preparing) == Preparing)
            owner.Dispatcher.ParkSegment(runner);
    }

    internal override void Run(Runner self)
    {
        // The target thread goes on with its own stack; there is nothing to run.
    }

    protected override void OnEnded()
    {
        if (Interlocked.Exchange(ref _phase, Ended) == Parked)
            owner.Dispatcher.Post(this);
    }
}
