namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>One blocking member of the room, as the tests of what all have in common see it.</summary>
/// <param name="Name">Type and member.</param>
/// <param name="Block">The member; false when its time was up, however it says so.</param>
/// <param name="Async">Its twin.</param>
/// <param name="Grant">Lets one waiter go on.</param>
/// <param name="IsUntaken">Whether what the last grant gave is still there: nobody has taken it.</param>
/// <param name="Primitive">Whose member it is.</param>
internal sealed record Member(
    string Name,
    Func<TimeSpan?, CancellationToken, bool> Block,
    Func<TimeSpan?, CancellationToken, Task<bool>> Async,
    Action Grant,
    Func<bool> IsUntaken,
    object Primitive)
{
    public static string[] Names { get; } = [.. Makers.Select(static maker => maker().Name)];

    private static Func<Member>[] Makers =>
    [
        Event, ResultGet, ResultWait, Semaphore, SemaphoreTry, SemaphoreWait, Lock, LockTry, Condition,
        QueueGet, QueueTryGet, QueuePeek, QueueJoin, QueuePut, QueueTryPut, PriorityPut, ChannelGet, ChannelPut,
    ];

    public static Member Make(string name) => Makers.Select(static maker => maker()).First(member => member.Name == name);

    public ValueTask<bool> Wait(BodyWaits waits, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        waits.Of(() => Block(timeout, cancellationToken), () => new ValueTask<bool>(Async(timeout, cancellationToken)));

    private static TimeSpan Limit(TimeSpan? timeout) => timeout ?? Timeout.InfiniteTimeSpan;

    private static bool Caught(Action code)
    {
        try
        {
            code();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task<bool> Caught(Func<ValueTask> code)
    {
        try
        {
            await code();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static Member Event()
    {
        var e = new GreenletEvent();
        return new("GreenletEvent.Wait", (t, c) => e.Wait(t, c), (t, c) => e.WaitAsync(t, c).AsTask(), e.Set, () => e.IsSet, e);
    }

    private static Member ResultGet()
    {
        var r = new AsyncResult<int>();
        return new("AsyncResult.Get", (t, c) => Caught(() => r.Get(t, c)), (t, c) => Caught(async () => await r.GetAsync(t, c)), () => r.Set(1), () => r.IsReady, r);
    }

    private static Member ResultWait()
    {
        var r = new AsyncResult<int>();
        return new("AsyncResult.Wait", (t, c) => r.Wait(t, c), (t, c) => r.WaitAsync(t, c).AsTask(), () => r.Set(1), () => r.IsReady, r);
    }

    private static Member Semaphore()
    {
        var s = new GreenletSemaphore(0);
        return new("GreenletSemaphore.Acquire", (t, c) => Caught(() => s.Acquire(t, c)), (t, c) => Caught(async () => await s.AcquireAsync(t, c)), () => s.Release(), () => s.Count == 1, s);
    }

    private static Member SemaphoreTry()
    {
        var s = new GreenletSemaphore(0);
        return new("GreenletSemaphore.TryAcquire", (t, c) => s.TryAcquire(Limit(t), c), (t, c) => s.TryAcquireAsync(Limit(t), c).AsTask(), () => s.Release(), () => s.Count == 1, s);
    }

    private static Member SemaphoreWait()
    {
        var s = new GreenletSemaphore(0);
        return new("GreenletSemaphore.Wait", (t, c) => s.Wait(t, c), (t, c) => s.WaitAsync(t, c).AsTask(), () => s.Release(), () => s.Count == 1, s);
    }

    private static Member Lock()
    {
        var (gate, hold) = Held();
        return new("GreenletLock.Acquire", (t, c) => Caught(() => gate.Acquire(t, c)), (t, c) => Caught(async () => await gate.AcquireAsync(t, c)), () => hold.Dispose(), () => !gate.IsHeld, gate);
    }

    private static Member LockTry()
    {
        var (gate, hold) = Held();
        return new(
            "GreenletLock.TryAcquire", (t, c) => gate.TryAcquire(Limit(t), c), async (t, c) => await gate.TryAcquireAsync(Limit(t), c) is not null, () => hold.Dispose(), () => !gate.IsHeld, gate);
    }

    // Held by nobody in particular, so that any thread can let it go.
    private static (GreenletLock Gate, GreenletHold Hold) Held()
    {
        var gate = new GreenletLock();
        return (gate, HubUnderTest.OnPlainThread(() => gate.AcquireAsync().AsTask().Result).Result);
    }

    private static Member Condition()
    {
        var condition = new GreenletCondition();
        var notified = 0;
        bool Block(TimeSpan? timeout, CancellationToken cancellationToken)
        {
            using (condition.Lock.Acquire(null, CancellationToken.None))
                return condition.Wait(timeout, cancellationToken);
        }

        async Task<bool> Async(TimeSpan? timeout, CancellationToken cancellationToken)
        {
            using (await condition.Lock.AcquireAsync(null, CancellationToken.None))
                return await condition.WaitAsync(timeout, cancellationToken);
        }

        return new("GreenletCondition.Wait", Block, Async, Grant, () => notified > 0 && !condition.Lock.IsHeld, condition);

        void Grant()
        {
            using (condition.Lock.Acquire())
                condition.Notify();
            notified++;
        }
    }

    private static Member QueueGet()
    {
        var q = new GreenletQueue<int>();
        return new("GreenletQueue.Get", (t, c) => Caught(() => q.Get(t, c)), (t, c) => Caught(async () => await q.GetAsync(t, c)), () => q.Put(1), () => q.Count == 1, q);
    }

    private static Member QueueTryGet()
    {
        var q = new GreenletQueue<int>();
        return new("GreenletQueue.TryGet", (t, c) => q.TryGet(out _, Limit(t), c), async (t, c) => (await q.TryGetAsync(Limit(t), c)).IsTaken, () => q.Put(1), () => q.Count == 1, q);
    }

    private static Member QueuePeek()
    {
        var q = new GreenletQueue<int>();
        return new("GreenletQueue.Peek", (t, c) => Caught(() => q.Peek(t, c)), (t, c) => Caught(async () => await q.PeekAsync(t, c)), () => q.Put(1), () => q.Count == 1, q);
    }

    private static Member QueueJoin()
    {
        var q = new GreenletQueue<int>();
        q.Put(1);
        return new("GreenletQueue.Join", (t, c) => q.Join(t, c), (t, c) => q.JoinAsync(t, c).AsTask(), q.TaskDone, () => q.UnfinishedCount == 0, q);
    }

    private static Member QueuePut()
    {
        var q = new GreenletQueue<int>(1);
        q.Put(0);
        return new("GreenletQueue.Put", (t, c) => Caught(() => q.Put(1, t, c)), (t, c) => Caught(() => q.PutAsync(1, t, c)), () => q.Get(), () => q.IsEmpty, q);
    }

    private static Member QueueTryPut()
    {
        var q = new GreenletQueue<int>(1);
        q.Put(0);
        return new("GreenletQueue.TryPut", (t, c) => q.TryPut(1, Limit(t), c), (t, c) => q.TryPutAsync(1, Limit(t), c).AsTask(), () => q.Get(), () => q.IsEmpty, q);
    }

    private static Member PriorityPut()
    {
        var q = new GreenletPriorityQueue<int>(1);
        q.Put(0);
        return new("GreenletPriorityQueue.Put", (t, c) => Caught(() => q.Put(1, t, c)), (t, c) => Caught(() => q.PutAsync(1, t, c)), () => q.Get(), () => q.IsEmpty, q);
    }

    private static Member ChannelGet()
    {
        var ch = new GreenletChannel<int>();
        var left = false;
        return new("GreenletChannel.Get", (t, c) => Caught(() => ch.Get(t, c)), (t, c) => Caught(async () => await ch.GetAsync(t, c)), () => left = !ch.TryPut(1), () => left, ch);
    }

    private static Member ChannelPut()
    {
        var ch = new GreenletChannel<int>();
        var left = false;
        return new("GreenletChannel.Put", (t, c) => Caught(() => ch.Put(1, t, c)), (t, c) => Caught(() => ch.PutAsync(1, t, c)), () => left = !ch.TryGet(out _), () => left, ch);
    }
}
