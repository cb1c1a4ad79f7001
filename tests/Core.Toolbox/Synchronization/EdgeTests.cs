namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>Waits at their edges: no time, infinite time, no result yet, awaited by others than the code that began them.</summary>
public sealed class EdgeTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, EveryMember]
    public async Task InfiniteTime_IsNoLimit(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var waiter = await lane.SpawnWaiting(body, waits => member.Wait(waits, Timeout.InfiniteTimeSpan));
        lane.Time.Advance(TimeSpan.FromDays(10_000));
        await lane.Settle();
        Assert.False(waiter.IsReady);
        Assert.Equal(0, lane.Time.TimerCount);
        member.Grant();
        Assert.True(await lane.ValueOf(waiter));
    }

    [Theory, Loops]
    public async Task Join_OfAGreenlet_InfiniteTime_IsNoLimit(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(() => gate.Task);
        var one = lane.Hub.Spawn(() => greenlet.Join(Timeout.InfiniteTimeSpan));
        var all = lane.Hub.Spawn(() => Greenlet.JoinAll([greenlet], Timeout.InfiniteTimeSpan).Count);
        await lane.Until(() => one.Status == GreenletStatus.Waiting && all.Status == GreenletStatus.Waiting, "both wait");
        lane.Time.Advance(TimeSpan.FromDays(10_000));
        await lane.Settle();
        Assert.False(one.IsReady || all.IsReady);
        gate.SetResult();

        Assert.True(await lane.ValueOf(one));
        Assert.Equal(1, await lane.ValueOf(all));
        AtOnce.Throws<HubDeadlockException>(() => lane.Hub.Create(static () => { }).Join(Timeout.InfiniteTimeSpan));
    }

    [Theory, LoopsAndBodies]
    public async Task NoTime_OnlyLooks(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var condition = new GreenletCondition();
        var queue = new GreenletQueue<int>();
        var semaphore = new GreenletSemaphore(0);
        var result = new AsyncResult<int>();
        var holds = false;
        var looker = lane.Spawn<string>(body, async waits =>
        {
            Assert.False(await waits.Of(() => semaphore.Wait(TimeSpan.Zero), () => semaphore.WaitAsync(TimeSpan.Zero)));
            Assert.False(await waits.Of(() => result.Wait(TimeSpan.Zero), () => result.WaitAsync(TimeSpan.Zero)));
            Assert.False(result.IsSuccessful);
            var peek = await Record.ExceptionAsync(async () => await waits.Of(() => queue.Peek(TimeSpan.Zero), () => queue.PeekAsync(TimeSpan.Zero)));
            using (condition.Lock.Acquire())
            {
                Assert.False(await waits.Of(() => condition.WaitFor(() => holds, TimeSpan.Zero), () => condition.WaitForAsync(() => holds, TimeSpan.Zero)));
                holds = true;
                Assert.True(await waits.Of(() => condition.WaitFor(() => holds, TimeSpan.Zero), () => condition.WaitForAsync(() => holds, TimeSpan.Zero)));
                Assert.True(condition.Lock.IsHeldByCaller);
            }

            return peek!.GetType().Name;
        });

        Assert.Equal(nameof(TimeoutException), await lane.ValueOf(looker));
        result.SetException(new InvalidTimeZoneException());
        Assert.True(result.Wait(TimeSpan.Zero));
        Assert.False(result.IsSuccessful);
        semaphore.Release();
        Assert.True(semaphore.Wait(TimeSpan.Zero));
    }

    [Theory, Loops]
    public async Task WaitFor_TimeIsUp_LooksOnceMore(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var condition = new GreenletCondition();
        var holds = false;
        var waiter = await lane.SpawnWaiting(BodyKind.Blocking, _ =>
        {
            using (condition.Lock.Acquire())
                return new ValueTask<bool>(condition.WaitFor(() => Volatile.Read(ref holds), _second));
        });
        // Nobody notifies
        Volatile.Write(ref holds, true);
        lane.Time.Advance(_second);

        Assert.True(await lane.ValueOf(waiter));
    }

    [Theory, Loops]
    public async Task ValueTask_TellsHowItEnded(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var semaphore = new GreenletSemaphore(0);
        using var source = new CancellationTokenSource();
        var seen = lane.Spawn<(bool, bool, bool)>(BodyKind.Async, async _ =>
        {
            var late = semaphore.AcquireAsync(TimeSpan.FromTicks(1));
            var cancelled = semaphore.AcquireAsync(cancellationToken: source.Token);
            var granted = semaphore.AcquireAsync();
            Assert.False(late.IsCompleted || cancelled.IsCompleted || granted.IsCompleted);
            source.Cancel();
            await Greenlet.SleepAsync(_second);
            // The place goes to the one that still waits
            semaphore.Release();
            await Greenlet.YieldAsync();
            var ends = (late.IsFaulted && !late.IsCanceled, cancelled.IsCanceled && !cancelled.IsFaulted, granted.IsCompletedSuccessfully);
            await Assert.ThrowsAsync<TimeoutException>(async () => await late);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cancelled);
            (await granted).Dispose();
            return ends;
        });
        await lane.Until(() => seen.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);

        Assert.Equal((true, true, true), await lane.ValueOf(seen));
    }

    [Theory, Loops]
    public async Task ValueTask_BegunHereAndAwaitedUnderAnotherScheduler_GoesOnThere(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        await using var other = Waiting.Lane(loop);
        var happened = new GreenletEvent();
        ValueTask<bool> wait = default;
        await lane.OnHub(() => wait = happened.WaitAsync());
        var exclusive = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var onScheduler = Task.Factory.StartNew(
            async () =>
            {
                await wait;
                return TaskScheduler.Current;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            exclusive).Unwrap();
        var onHub = other.Bridge.RunAsync(async () =>
        {
            await happened.WaitAsync();
            return Hub.Current;
        });
        await lane.Settle();
        happened.Set();

        Assert.Same(exclusive, await lane.For(onScheduler, "the code under the scheduler"));
        Assert.Same(other.Hub, await lane.For(onHub, "the code on the other hub"));
    }

    [Theory, Loops]
    public async Task ValueTask_AwaitedTwice_IsAnError(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var happened = new GreenletEvent();
        var twice = lane.Spawn<string>(BodyKind.Async, async _ =>
        {
            var wait = happened.WaitAsync();
            wait.GetAwaiter().OnCompleted(static () => { });
            var error = AtOnce.Throws<InvalidOperationException>(() => wait.GetAwaiter().OnCompleted(static () => { }));
            happened.Set();
            await Greenlet.YieldAsync();
            return error.Message;
        });

        Assert.Contains("awaited already", await lane.ValueOf(twice), StringComparison.Ordinal);
    }

    [Fact]
    public void Hold_OfOneThing_IsEqual()
    {
        var semaphore = new GreenletSemaphore(2);
        var gate = new GreenletLock();
        GreenletHold one = semaphore.Acquire(), again = semaphore.Acquire(), ofTheLock = gate.Acquire(), none = default;

        Assert.True(one == again && one.Equals((object)again) && one.GetHashCode() == again.GetHashCode());
        Assert.True(one != ofTheLock && !one.Equals((object)ofTheLock) && !one.Equals((object)"a hold") && !one.Equals(null));
        Assert.True(none == default && none != one);
        none.Dispose();
        ofTheLock.Dispose();
        one.Dispose();
        again.Dispose();
        Assert.Equal((2, false), (semaphore.Count, gate.IsHeld));
    }

    [Fact]
    public async Task Retake_ThreadIsInterruptedWhileItWaitsForTheLock_HasTheLock_AndTheInterruptComesAtItsNextWait()
    {
        var condition = new GreenletCondition();
        using var inside = new ManualResetEventSlim();
        Thread thread = null!;
        var ends = HubUnderTest.OnPlainThread(() =>
        {
            thread = Thread.CurrentThread;
            using var mine = condition.Lock.Acquire();
            inside.Set();
            condition.Wait();
            var has = condition.Lock.IsHeldByCaller;
            try
            {
                new ManualResetEventSlim().Wait();
                return (has, false);
            }
            catch (ThreadInterruptedException)
            {
                return (has, true);
            }
        });
        Deadline.Wait(inside, "the thread's turn");
        var release = await HubUnderTest.OnPlainThread(() =>
        {
            // Taken when the other waits; told, it wants the lock and must wait for it
            var mine = condition.Lock.Acquire();
            condition.Notify();
            Deadline.Wait(() => Traces.First(condition.Lock) is not null && (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread to wait for the lock");
            var first = Traces.First(condition.Lock);
            thread.Interrupt();
            Deadline.Wait(() => Traces.First(condition.Lock) is { } second && second != first, "the thread to wait for it again");
            mine.Dispose();
            return true;
        });

        Assert.True(release);
        Assert.Equal((true, true), await Deadline.For(ends, "the thread's end"));
    }
}
