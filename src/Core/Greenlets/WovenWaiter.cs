namespace GreenletBridge;

/// <summary>A wait of woven code, which has returned to the hub: its stack goes on in a new segment when the wait has ended.</summary>
/// <remarks>Nothing ends it before it is armed, which is when the segment is over and the whole stack is saved.</remarks>
/// <param name="stack">Goes on afterwards.</param>
/// <param name="source">What to wait for; null: only the time.</param>
/// <param name="isOfAnother">Whether what is waited for is itself a wait of the greenlet's, which a kill reaches in its place.</param>
internal sealed class WovenWaiter(IWovenStack stack, IWaitSource? source, bool isOfAnother = false) : Waiter(source)
{
    private const byte Preparing = 0;
    private const byte Armed = 1;
    private const byte Ended = 2;

    // What else ends it: a WaitTimer, or rarely a WovenLimit. One field and a byte: a hundred thousand of these wait.
    private object? _ending;
    private byte _phase;

    internal Greenlet Greenlet => stack.Greenlet;

    internal IWovenStack Stack => stack;

    internal override bool RunsOnScheduler => Greenlet.RunsOnScheduler;

    internal override Runner? Target => Greenlet.Home is { IsHome: true } home ? home : null;

    /// <summary>What else ends it; before it is armed.</summary>
    /// <param name="limit">Infinite: none. More than zero.</param>
    /// <param name="isRealTime">Whether it is the system's time whatever clock the hub has, as for the runtime's own waits.</param>
    /// <param name="token">Ends the wait.</param>
    internal void EndsBy(TimeSpan limit, bool isRealTime, CancellationToken token = default)
    {
        var clock = Greenlet.Dispatcher.Clock;
        if (limit != Timeout.InfiniteTimeSpan && (clock.IsSystem || !isRealTime))
        {
            _ending = new WaitTimer(clock.After(limit), this);
            limit = Timeout.InfiniteTimeSpan;
        }

        if (limit != Timeout.InfiniteTimeSpan || token.CanBeCanceled)
            _ending = new WovenLimit(limit, _ending as WaitTimer, token);
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

        if (Source is TurnSource)
        {
            // It is the item that waits for its turn; a kill that comes before that only decides how it ends.
            _phase = Ended;
            Greenlet.Dispatcher.Post(this);
        }
        else if (Interlocked.CompareExchange(ref _phase, Armed, Preparing) != Preparing)
        {
            Greenlet.Dispatcher.Post(this);
        }
    }

    internal override void Run(Runner runner)
    {
        if (Source is TurnSource)
            TryDecide(WaitOutcome.Completed);
        if (!isOfAnother)
            ((IWaitOwner)Greenlet).RemoveWait(this);
        TimerOf(_ending)?.TryCancel();
        (_ending as WovenLimit)?.End();
        if (Outcome != WaitOutcome.Completed)
            Source?.Remove(this);
        Greenlet.RunWoven(runner, this);
    }

    protected override void OnEnded()
    {
        if (Interlocked.Exchange(ref _phase, Ended) == Armed)
            Greenlet.Dispatcher.Post(this);
    }

    private void Begin()
    {
        // A pending kill ends it here, before it takes anything from the source.
        if (!isOfAnother)
            ((IWaitOwner)Greenlet).AddWait(this);
        if (Outcome != WaitOutcome.None)
            return;
        if (Source is { } source && source is not TurnSource && !source.TryAdd(this))
        {
            TryEnd(WaitOutcome.Completed);
            return;
        }

        if (TimerOf(_ending) is { } timer)
            Greenlet.Dispatcher.Post(timer);
        (_ending as WovenLimit)?.Begin(this);
    }

    private static WaitTimer? TimerOf(object? ending) => ending as WaitTimer ?? (ending as WovenLimit)?.Timer;
}
