using System.Runtime.CompilerServices;

namespace GreenletBridge;

/// <content>Items that run beside the holder of the baton.</content>
internal sealed partial class Dispatcher
{
    private int _lent;

    /// <summary>Runs one item on the calling thread, if that runs for no hub. False when not.</summary>
    /// <remarks>
    /// Where segments may be detached it is detached from the start: a short item on a thread that is there anyway needs no turn, and
    /// delays nobody. An exclusive dispatcher must have its baton free.
    /// </remarks>
    internal bool TryRunInPlace(WorkItem item)
    {
        // Deep in somebody's stack it would end the process where it runs out: a carrier has a stack of its own.
        if (Runner.Current is { Dispatcher: not null } || !RuntimeHelpers.TryEnsureSufficientExecutionStack() || (!HandsOff && (Volatile.Read(ref _baton) != Free || !TryTake())))
            return false;
        var runner = Runner.ForThisThread();
        runner.Dispatcher = this;
        if (HandsOff)
            runner.BeginDetached();
        else
            BeginSegment(runner);
        item.Run(runner);
        // It holds the baton now if it did at first, or if it blocked and took it back.
        var holds = runner.EndSegment();
        runner.Dispatcher = null;
        if (holds)
            Pass(null);
        return true;
    }

    /// <summary>Gives an item that is known to block to a carrier, which runs it beside the holder of the baton. False when it must take its turn.</summary>
    internal bool TryStartDetached(WorkItem item)
    {
        if (!HandsOff || !_pool.Admits(hasCarrier: false) || _pool.Take(out _) is not { } carrier)
            return false;
        carrier.AssignDetached(this, item);
        return true;
    }

    // While a segment has lent the baton, it is for those that have begun: one of them may be who that segment waits for.
    private bool MayBegin => Volatile.Read(ref _lent) <= 0;

    /// <summary>The thread whose segment was the last to begin: with the baton held, and inside a segment, it holds it. Any thread.</summary>
    internal Runner? Holder => Volatile.Read(ref _holder);

    /// <summary>The watchdog: takes the baton from a holder that is still in that segment and has others go on.</summary>
    /// <param name="holder">Who holds the baton.</param>
    /// <param name="segmentWord">The segment that was looked at.</param>
    /// <param name="lends">Whether nothing may begin until that segment has ended.</param>
    internal bool TryDetach(Runner holder, long segmentWord, bool lends)
    {
        if (!holder.TryDetach(segmentWord, lends ? SegmentState.Lent : SegmentState.Detached))
            return false;
        if (lends)
            Interlocked.Increment(ref _lent);
        Pass(null);
        return true;
    }

    /// <summary>A segment that had lent the baton has ended.</summary>
    internal void EndLent()
    {
        Interlocked.Decrement(ref _lent);
        Kick();
    }

    /// <summary>A carrier that was given an item by <see cref="TryStartDetached"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // As Carrier.Main: it keeps nothing of the item while the thread parks
    internal void RunDetached(Runner runner, WorkItem? item)
    {
        runner.BeginDetached();
        item!.Run(runner);
        // As in RunLoop: not kept while the thread parks.
        item = null;
        // A segment that waited may have come back with the baton.
        if (!runner.EndSegment())
            return;
        runner.IsIdle = true;
        RunLoop(runner, NextOrPark(runner));
    }
}
