namespace GreenletBridge;

/// <summary>A wait of woven code, which has returned to the hub: its stack goes on in a new segment when the wait has ended.</summary>
/// <remarks>Nothing ends it before it is armed, which is when the segment is over and the whole stack is saved.</remarks>
/// <param name="greenlet">Whose wait it is.</param>
/// <param name="stack">Goes on afterwards.</param>
/// <param name="source">What to wait for; null: only the time.</param>
/// <param name="isOfAnother">Whether what is waited for is itself a wait of the greenlet's, which a kill reaches in its place.</param>
internal sealed class WovenWaiter(Greenlet greenlet, IWovenStack stack, IWaitSource? source, bool isOfAnother = false) : Waiter(source)
{
    private const int Preparing = 0;
    private const int Armed = 1;
    private const int Ended = 2;
    private WaitTimer? _timer;
    private WovenLimit? _limit;
    private int _phase;

    internal Greenlet Greenlet => greenlet;

    internal IWovenStack Stack => stack;

    internal override bool RunsOnScheduler => greenlet.RunsOnScheduler;

    internal override Runner? Target => greenlet.Home is { IsHome: true } home ? home : null;

    /// <summary>What else ends it; before it is armed.</summary>
    /// <param name="limit">Infinite: none. More than zero.</param>
    /// <param name="isRealTime">Whether it is the system's time whatever clock the hub has, as for the runtime's own waits.</param>
    /// <param name="token">Ends the wait.</param>
    internal void EndsBy(TimeSpan limit, bool isRealTime, CancellationToken token = default)
    {
        var clock = greenlet.Dispatcher.Clock;
        if (limit != Timeout.InfiniteTimeSpan && (clock.IsSystem || !isRealTime))
        {
            _timer = new WaitTimer(clock.After(limit), this);
            limit = Timeout.InfiniteTimeSpan;
        }

        if (limit != Timeout.InfiniteTimeSpan || token.CanBeCanceled)
            _limit = new WovenLimit(limit, token);
    }

    /// <summary>Begins the wait. What goes on by it may do so on another thread before this returns.</summary>
    internal void Arm()
    {
        try
        {
            Begin();
        }
        catch (Exception e)
        {
            // A source of the user's, such as a Task's scheduler: thrown where the code waits.
            TryKill(e);
        }

        if (Interlocked.CompareExchange(ref _phase, Armed, Preparing) != Preparing)
            greenlet.Dispatcher.Post(this);
    }

    internal override void Run(Runner runner)
    {
        if (!isOfAnother)
            ((IWaitOwner)greenlet).RemoveWait(this);
        _timer?.TryCancel();
        _limit?.End();
        if (Outcome != WaitOutcome.Completed)
            Source?.Remove(this);
        greenlet.RunWoven(runner, this);
    }

    protected override void OnEnded()
    {
        if (Interlocked.Exchange(ref _phase, Ended) == Armed)
            greenlet.Dispatcher.Post(this);
    }

    private void Begin()
    {
        // A pending kill ends it here, before it takes anything from the source.
        if (!isOfAnother)
            ((IWaitOwner)greenlet).AddWait(this);
        if (Outcome != WaitOutcome.None)
            return;
        if (Source is { } source && !source.TryAdd(this))
        {
            TryEnd(WaitOutcome.Completed);
            return;
        }

        if (_timer is not null)
            greenlet.Dispatcher.Post(_timer);
        _limit?.Begin(this);
    }
}
