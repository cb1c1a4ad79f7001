namespace GreenletBridge;

/// <summary>A thread as the engine sees it: something that can hold a baton, run a segment and be parked.</summary>
/// <remarks>Carriers are runners of the engine's own; any other thread becomes one when it first runs or waits for hub work.</remarks>
internal class Runner
{
    private const int StateBits = 2;
    private const long StateMask = (1 << StateBits) - 1;

    [ThreadStatic]
    private static Runner? _current;

    // Number of the segment and its state in one word: a watchdog that looked at an earlier segment cannot move this one.
    private long _segment;
    private long _userPeriod;
    private IHeldSegment? _heldSegment;
    private WorkItem? _assigned;

    internal Runner(Thread thread, bool isCarrier = false)
    {
        Thread = thread;
        IsCarrier = isCarrier;
        Parker = Parker.Create();
        Return = new ReturnItem(this);
    }

    /// <summary>The calling thread's runner, null when it never ran nor waited for hub work.</summary>
    internal static Runner? Current => _current;

    /// <summary>The thread this is about.</summary>
    internal Thread Thread { get; }

    /// <summary>Whether it is one of the engine's own threads, which alone may be interrupted.</summary>
    internal bool IsCarrier { get; }

    internal Parker Parker { get; }

    /// <summary>The owner: waits of woven code that begin when the segment is over, linked by <see cref="WorkItem.Next"/>.</summary>
    internal WorkItem? Suspended { get; set; }

    /// <summary>How long the thread looks for a hand-off in a hub wait before it sleeps.</summary>
    internal SpinBudget Spin { get; } = new();

    /// <summary>Guards the interrupts that a kill sends.</summary>
    internal InterruptGate Gate { get; } = new();

    /// <summary>The item by which this thread asks for the baton after a runtime wait; replaced when it was abandoned.</summary>
    internal ReturnItem Return { get; set; }

    /// <summary>Whose baton the thread holds or will take back; null when it runs for nobody.</summary>
    internal Dispatcher? Dispatcher { get; set; }

    /// <summary>Whether the thread drives a hub and runs no segment: it may be given any work. Written by the owner while it holds the baton.</summary>
    internal bool IsIdle { get; set; }

    /// <summary>The thread's record of a wait that the hook has shown; made and used by the hook.</summary>
    internal object? RuntimeWait { get; set; }

    /// <summary>Whether the thread drives a hub by <c>Run</c> and runs no segment: its own items go to it. Written by the owner while it holds the baton.</summary>
    internal bool IsHome { get; set; }

    /// <summary>When the segment it runs began, a Stopwatch timestamp; 0 when nobody wants to know. The owner.</summary>
    internal long SegmentBegan { get; set; }

    /// <summary>Whether that segment began beside the holder of the baton. The owner.</summary>
    internal bool SegmentBeganDetached { get; set; }

    /// <summary>The handle on which every Monitor.Wait of this thread waits; other handles are locks and wait handles. Zero: not known.</summary>
    internal nint MonitorHandle { get; private set; }

    /// <summary>Whose segment it runs, opaque here; any thread may read it.</summary>
    internal object? Occupant { get; set; }

    /// <summary>The thread's number in the operating system; zero where that is not known.</summary>
    internal int OsThreadId { get; private set; }

    /// <summary>The state of the segment it runs; any thread.</summary>
    internal SegmentState Segment => StateOf(SegmentWord);

    /// <summary>Number and state of the segment it runs; any thread.</summary>
    internal long SegmentWord => Volatile.Read(ref _segment);

    /// <summary>The calling thread's runner, made on first use.</summary>
    internal static Runner ForThisThread()
    {
        if (_current is null)
            new Runner(Thread.CurrentThread).BindToThisThread();
        return _current!;
    }

    /// <summary>Makes this the runner of the calling thread.</summary>
    internal void BindToThisThread()
    {
        OsThreadId = OsThread.CurrentId;
        MonitorHandle = MonitorHandleProbe.OfThisThread();
        _current = this;
    }

    internal static SegmentState StateOf(long segmentWord) => (SegmentState)(segmentWord & StateMask);

    /// <summary>The owner, holding the baton: user code runs from here on.</summary>
    internal void BeginSegment() =>
        Volatile.Write(ref _segment, (((_segment >> StateBits) + 1) << StateBits) | (long)SegmentState.Running);

    /// <summary>The owner enters the engine. False when it does not hold the baton (any more).</summary>
    internal bool EndSegment()
    {
        var running = (_segment & ~StateMask) | (long)SegmentState.Running;
        var before = Interlocked.CompareExchange(ref _segment, running & ~StateMask, running);
        if (before != running)
            Interlocked.Exchange(ref _segment, running & ~StateMask);
        // After a full fence: a watchdog that came too late to be seen here sees that the segment is over.
        if (Volatile.Read(ref _heldSegment) is not null)
            Interlocked.Exchange(ref _heldSegment, null)?.End();
        if (before == running)
            return true;
        if (StateOf(before) == SegmentState.Lent)
            Dispatcher!.EndLent();
        return false;
    }

    /// <summary>The watchdog: takes the baton from the thread if it is still in that segment, running. The caller holds the baton then.</summary>
    internal bool TryDetach(long segmentWord, SegmentState to) =>
        Interlocked.CompareExchange(ref _segment, (segmentWord & ~StateMask) | (long)to, segmentWord) == segmentWord;

    /// <summary>The watchdog: has <paramref name="held"/> told of the end of that segment. False when that has come already; it is not told then.</summary>
    internal bool TryWatchEnd(long segmentWord, IHeldSegment held)
    {
        Volatile.Write(ref _heldSegment, held);
        // A full fence: either the owner sees it, or the end of the segment is seen here.
        Interlocked.MemoryBarrier();
        return SegmentWord == segmentWord || Interlocked.CompareExchange(ref _heldSegment, null, held) != held;
    }

    /// <summary>The owner goes on without the baton: it waited for it too long.</summary>
    internal void BeginDetached() =>
        Volatile.Write(ref _segment, (((_segment >> StateBits) + 1) << StateBits) | (long)SegmentState.Detached);

    /// <summary>The gate's period in which user code runs, or ran last; any thread. Other periods are those of waits.</summary>
    internal long UserPeriod => Volatile.Read(ref _userPeriod);

    /// <summary>Whether the calling thread, the owner, is in user code, where a kill may interrupt a sleep.</summary>
    internal bool IsInUserCode => IsCarrier && Gate.IsOpenIn(_userPeriod);

    /// <summary>The owner enters user code: a kill may interrupt a sleep there.</summary>
    internal void EnterUserCode()
    {
        if (IsCarrier)
            Volatile.Write(ref _userPeriod, Gate.OpenPeriod());
    }

    /// <summary>The owner leaves user code. True when an interrupt came that no wait of user code has met; it is taken away.</summary>
    internal bool LeaveUserCode() => IsCarrier && Gate.ClosePeriod() && InterruptGate.Drain();

    /// <summary>Whether the baton is on its way to the thread; any thread.</summary>
    internal bool IsChosen => Volatile.Read(ref _assigned) is not null;

    /// <summary>The baton's holder: says that <see cref="Assign"/> follows, so that the thread does not go elsewhere.</summary>
    internal void Choose() => Volatile.Write(ref _assigned, Coming.Instance);

    /// <summary>The baton's holder: gives the baton, with the item it is given for. The caller holds it no more.</summary>
    internal void Assign(WorkItem item)
    {
        Volatile.Write(ref _assigned, item);
        Parker.Unpark();
    }

    /// <summary>The owner: the item that came with the baton, null when none came.</summary>
    internal WorkItem? TakeAssigned()
    {
        var item = Volatile.Read(ref _assigned);
        if (item is null || ReferenceEquals(item, Coming.Instance))
            return null;
        Volatile.Write(ref _assigned, null);
        return item;
    }

    private sealed class Coming : WorkItem
    {
        internal static Coming Instance { get; } = new();

        internal override void Run(Runner runner)
        {
            // Only a mark: the item itself replaces it.
        }
    }
}
