using System.Diagnostics;

namespace GreenletBridge;

/// <content>Running items, and the three ways in which a thread and the baton part and meet again.</content>
internal sealed partial class Dispatcher
{
    // A granted lock may hold back every other waiter of that lock in the process: no longer than this for the baton's sake.
    private static readonly long _lockPatience = Stopwatch.Frequency / 1_000;

    private readonly SpinBudget _idleSpin = new();
    private Runner? _holder;

    /// <summary>A thread that was given the baton with <paramref name="item"/> runs items until there are none or the baton is gone.</summary>
    internal void RunLoop(Runner runner, WorkItem? item)
    {
        runner.IsIdle = true;
        while (item is not null)
        {
            if (item.Target is { } target && target != runner)
            {
                Hand(target, item);
                break;
            }

            if (!runner.IsCarrier && !item.RunsOnScheduler)
            {
                _ready.PushFront(item);
                Pass(null);
                break;
            }

            var startsDetached = HandsOff && item.Begins && runner.IsCarrier && item.StartsDetached() && _pool.Admits(hasCarrier: false);
            if (!(startsDetached ? RunBeside(runner, item) : RunItem(runner, item)))
                break;

            // In code that is not optimized yet the variable would keep what it holds alive for as long as the thread parks here.
            item = null;
            item = NextOrPark(runner);
        }

        runner.IsIdle = false;
    }

    /// <summary>Gives up the baton in a hub wait and returns when it has come back, with the item it came with.</summary>
    /// <remarks>The owner of the segment. Its resumption was posted, or will be, as an item that targets <paramref name="runner"/>.</remarks>
    internal void ParkSegment(Runner runner)
    {
        var holds = runner.EndSegment();
        while (true)
        {
            if (holds && Pass(runner))
                break;
            if (ParkForBaton(runner, out holds) is not null)
                break;
        }

        BeginSegment(runner);
    }

    /// <summary>Gives up the baton before a runtime wait. False when the thread runs no segment of this hub.</summary>
    internal bool TryRelease(Runner runner)
    {
        if (runner.Segment == SegmentState.InHub)
            return false;
        if (runner.EndSegment())
            Pass(null);
        return true;
    }

    /// <summary>Takes the baton back after a runtime wait.</summary>
    /// <param name="runner">The calling thread's runner, released before.</param>
    /// <param name="mayHoldLock">Whether the wait may have been granted a lock: then the baton is not waited for long.</param>
    /// <param name="wantsTurn">Whether the segment must have the baton, where the dispatcher may hand off at all.</param>
    internal void TakeBack(Runner runner, bool mayHoldLock, bool wantsTurn = true)
    {
        if (HandsOff && !wantsTurn)
        {
            runner.BeginDetached();
            return;
        }

        if (Volatile.Read(ref _baton) == Free && TryTake())
        {
            BeginSegment(runner);
            return;
        }

        var item = runner.Return;
        item.Ask();
        Post(item);
        var deadline = mayHoldLock && HandsOff ? Stopwatch.GetTimestamp() + _lockPatience : Parker.NoDeadline;
        while (runner.TakeAssigned() is null)
        {
            // A permit may be left over from before: the time goes on.
            if (runner.Parker.Park(deadline))
                continue;
            if (!item.TryAbandon())
            {
                deadline = Parker.NoDeadline;
                continue;
            }

            // The abandoned item lies in a queue until the holder comes to it.
            runner.Return = new ReturnItem(runner);
            runner.BeginDetached();
            return;
        }

        BeginSegment(runner);
    }

    /// <summary>The owner of a segment that lost the baton: waits for it. Nothing for one that has it.</summary>
    internal void Reattach(Runner runner)
    {
        if (runner.Segment is not (SegmentState.Detached or SegmentState.Lent))
            return;
        runner.EndSegment();
        TakeBack(runner, mayHoldLock: false);
    }

    /// <summary>The calling thread drives the hub for its own sake until <paramref name="isDone"/>; items that target it run on it.</summary>
    internal void RunUntil(Runner runner, Action begin, Func<bool> isDone)
    {
        var outer = runner.Dispatcher;
        runner.Dispatcher = this;
        try
        {
            // At home before anything is posted: an item that is looked at earlier goes to a carrier.
            runner.IsHome = true;
            begin();
            while (true)
            {
                var item = ParkForBaton(runner, out _);
                runner.IsHome = false;
                if (item is not null && !RunItem(runner, item))
                {
                    // Detached meanwhile: home is left and entered with the baton only, or an item could be handed to nobody.
                    TakeBack(runner, mayHoldLock: false);
                    runner.EndSegment();
                }

                runner.IsIdle = false;
                var done = isDone();
                runner.IsHome = !done;
                Pass(null);
                if (done)
                    return;
            }
        }
        finally
        {
            runner.IsHome = false;
            runner.Dispatcher = outer;
        }
    }

    private bool RunItem(Runner runner, WorkItem item)
    {
        runner.IsIdle = false;
        BeginSegment(runner);
        item.Run(runner);
        runner.IsIdle = true;
        if (!runner.EndSegment())
            return false;
        item.LetGo();
        return true;
    }

    /// <summary>Has others go on, and runs the item beside them. Whether the thread has the baton after that.</summary>
    private bool RunBeside(Runner runner, WorkItem item)
    {
        runner.IsIdle = false;
        Pass(null);
        runner.BeginDetached();
        item.Run(runner);
        runner.IsIdle = true;
        // A segment that waited may have come back with the baton.
        return runner.EndSegment();
    }

    private void BeginSegment(Runner runner)
    {
        Volatile.Write(ref _segmentStart, Environment.TickCount64);
        _holder = runner;
        runner.BeginSegment();
    }

    /// <summary>The next item for an idle thread; null when the thread has to leave the loop without the baton.</summary>
    private WorkItem? NextOrPark(Runner runner)
    {
        while (true)
        {
            if (Next(runner) is { } item)
            {
                _loop.StopWatching(runner);
                return item;
            }

            if (SpinForWork(runner) || !TryLetGo(runner, out var watches))
                continue;
            if (!watches)
                return null;
            item = ParkForBaton(runner, out var holds);
            if (item is not null)
                return item;
            if (!holds)
                return null;
        }
    }

    /// <summary>Parks a thread without the baton until it is given it, takes it because a due time came, or need not watch any more.</summary>
    private WorkItem? ParkForBaton(Runner runner, out bool holds)
    {
        var elapsed = false;
        while (true)
        {
            var deadline = elapsed ? Parker.NoDeadline : _loop.DeadlineOf(runner);
            var notified = runner.Parker.Park(deadline, runner.IsIdle ? null : runner.Spin);
            // In this order: whoever gives an item ends the watch first, after having said that the item comes.
            var leaves = runner.IsIdle && !_loop.IsWatcher(runner) && !runner.IsChosen;
            if (runner.TakeAssigned() is { } item)
            {
                holds = true;
                return item;
            }

            if (leaves)
            {
                holds = false;
                return null;
            }

            elapsed = false;
            if (notified)
                continue;
            Interlocked.Exchange(ref _tick, 1);
            if (Volatile.Read(ref _baton) == Free && TryTake())
            {
                _loop.StopWatching(runner);
                holds = true;
                return null;
            }

            // The holder sees the tick before it lets go, and sets a new time.
            elapsed = true;
        }
    }

    private bool SpinForWork(Runner runner)
    {
        for (var i = 0; i < _idleSpin.Budget; i++)
        {
            // What the cap holds back is no work: it would be looked for until somebody else's ends.
            if (!_inbox.IsEmpty || (Shared is { IsEmpty: false } shared && MayBegin && shared.HasFor(Admits(runner))))
            {
                _idleSpin.Hit();
                return true;
            }

            Thread.SpinWait(8);
        }

        _idleSpin.Miss();
        return false;
    }
}
