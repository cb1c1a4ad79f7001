using System.Collections.Concurrent;

namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>Real races: kills, cancellations and grants that meet on several threads. Whoever wins, nothing is lost and nothing is given twice.</summary>
public sealed class RaceTests
{
    private const int Rounds = 150;

    [Theory, LoopsAndBodies]
    public async Task KillAgainstRelease_ThePlaceIsTheWaitersOrFree(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var (wins, losses) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var semaphore = new GreenletSemaphore(0);
            var took = 0;
            var waiter = await lane.SpawnWaiting<bool>(body, async waits =>
            {
                await waits.Of(() => semaphore.TryAcquire(Timeout.InfiniteTimeSpan), () => semaphore.TryAcquireAsync(Timeout.InfiniteTimeSpan));
                took = 1;
                return true;
            });
            await AtOnce(() => waiter.Kill(), () => semaphore.Release());
            await lane.Ended(waiter);
            Assert.Equal(1, took + semaphore.Count);
            _ = took == 1 ? wins++ : losses++;
        }

        Assert.Equal(Rounds, wins + losses);
    }

    [Theory, LoopsAndBodies]
    public async Task KillAgainstPut_TheItemIsTheGettersOrInTheQueue(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        for (var round = 0; round < Rounds; round++)
        {
            var queue = new GreenletQueue<int>();
            var got = 0;
            var getter = await lane.SpawnWaiting<bool>(body, async waits =>
            {
                got = await waits.Of(() => queue.Get(), () => queue.GetAsync());
                return true;
            });
            await AtOnce(() => getter.Kill(), () => queue.Put(7));
            await lane.Ended(getter);
            Assert.Equal(7, got + (queue.TryGet(out var left) ? left : 0));
        }
    }

    [Theory, LoopsAndBodies]
    public async Task KillAgainstGet_TheItemWasPutOrNot(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        for (var round = 0; round < Rounds; round++)
        {
            var queue = new GreenletQueue<int>(1);
            queue.Put(1);
            var putter = await lane.SpawnWaiting<bool>(body, waits => waits.Of(() => queue.TryPut(2, Timeout.InfiniteTimeSpan), () => queue.TryPutAsync(2, Timeout.InfiniteTimeSpan)));
            await AtOnce(() => putter.Kill(), () => queue.Get());
            await lane.Ended(putter);
            Assert.Equal(putter.IsSuccessful, queue.TryGet(out _));
        }
    }

    [Theory, LoopsAndBodies]
    public async Task CancelAgainstHandOver_BothSidesAgree(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        for (var round = 0; round < Rounds; round++)
        {
            var channel = new GreenletChannel<int>();
            using var cancel = new CancellationTokenSource();
            var putter = await lane.SpawnWaiting<bool>(body, waits => waits.Of(
                () => channel.TryPut(1, Timeout.InfiniteTimeSpan, cancel.Token), () => channel.TryPutAsync(1, Timeout.InfiniteTimeSpan, cancel.Token)));
            var taken = false;
            await AtOnce(cancel.Cancel, () => taken = channel.TryGet(out _));
            await lane.Ended(putter);
            Assert.Equal(putter.IsSuccessful, taken);
        }
    }

    [Theory, LoopsAndBodies]
    public async Task TimeoutAgainstSet_EndsOneWayOrTheOther(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        for (var round = 0; round < Rounds; round++)
        {
            var semaphore = new GreenletSemaphore(0);
            var waiter = await lane.SpawnWaiting(body, waits => waits.Of(
                () => semaphore.TryAcquire(TimeSpan.FromSeconds(1)), () => semaphore.TryAcquireAsync(TimeSpan.FromSeconds(1))));
            await AtOnce(() => lane.Time.Advance(TimeSpan.FromSeconds(1)), () => semaphore.Release());
            Assert.Equal(await lane.ValueOf(waiter) ? 0 : 1, semaphore.Count);
        }
    }

    [Theory, LoopsAndBodies]
    public async Task KillAgainstLockRelease_TheLockIsNeverLost(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        for (var round = 0; round < Rounds; round++)
        {
            var gate = new GreenletLock();
            var hold = await HubUnderTest.OnPlainThread(() => gate.AcquireAsync().AsTask().Result);
            var waiter = await lane.SpawnWaiting<bool>(body, async waits =>
            {
                using (await waits.Of(() => gate.Acquire(), () => gate.AcquireAsync()))
                    return gate.IsHeldByCaller;
            });
            await AtOnce(() => waiter.Kill(), hold.Dispose);
            await lane.Ended(waiter);
            Assert.False(gate.IsHeld);
        }
    }

    [Theory, Loops]
    public async Task ManyHubsAndThreads_HandOverEverything_Once_InTheOrderOfEachPutter(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        var queue = new GreenletQueue<(int Putter, int Number)>(3);
        const int PerPutter = 400;
        var putters = new List<Task>
        {
            lane.Bridge.AsTask(lane.Hub.Spawn(() => PutAll(0))),
            other.Bridge.AsTask(other.Hub.Spawn(() => PutAll(1))),
            HubUnderTest.OnPlainThread(() => PutAll(2)),
            Task.Run(() => PutAllAsync(3)),
            lane.Bridge.AsTask(lane.Hub.Spawn(() => PutAllAsync(4))),
        };
        var got = new ConcurrentBag<(int Getter, (int Putter, int Number) Item)>();
        var getters = new List<Task>
        {
            lane.Bridge.AsTask(lane.Hub.Spawn(() => GetAll(0))),
            other.Bridge.AsTask(other.Hub.Spawn(() => GetAllAsync(1))),
            HubUnderTest.OnPlainThread(() => GetAll(2)),
            Task.Run(() => GetAllAsync(3)),
        };
        await lane.For(Task.WhenAll(putters), "all puts");
        queue.Shutdown();
        await lane.For(Task.WhenAll(getters), "all gets");
        Assert.Equal(5 * PerPutter, got.Count);
        Assert.Equal(5 * PerPutter, got.Select(static pair => pair.Item).Distinct().Count());

        int PutAll(int putter)
        {
            for (var i = 0; i < PerPutter; i++)
                queue.Put((putter, i));
            return 0;
        }

        async Task PutAllAsync(int putter)
        {
            for (var i = 0; i < PerPutter; i++)
                await queue.PutAsync((putter, i));
        }

        int GetAll(int getter)
        {
            var last = new int[5];
            Array.Fill(last, -1);
            foreach (var item in queue)
                Take(getter, item, last);
            return 0;
        }

        async Task GetAllAsync(int getter)
        {
            var last = new int[5];
            Array.Fill(last, -1);
            await foreach (var item in queue)
                Take(getter, item, last);
        }

        void Take(int getter, (int Putter, int Number) item, int[] last)
        {
            Assert.True(item.Number > last[item.Putter], $"{item} came after {last[item.Putter]}");
            last[item.Putter] = item.Number;
            got.Add((getter, item));
        }
    }

    [Theory, Loops]
    public async Task ManyHubsAndThreads_ALock_HoldsOneAtATime(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        var gate = new GreenletLock();
        var (inside, total) = (0, 0);
        int Work()
        {
            for (var i = 0; i < 200; i++)
            {
                using (gate.Acquire())
                using (gate.Acquire())
                {
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    total++;
                    Interlocked.Decrement(ref inside);
                }
            }

            return 0;
        }

        async Task WorkAsync()
        {
            for (var i = 0; i < 200; i++)
            {
                using (await gate.AcquireAsync())
                {
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    total++;
                    Interlocked.Decrement(ref inside);
                }
            }
        }

        await lane.For(
            Task.WhenAll(
                lane.Bridge.AsTask(lane.Hub.Spawn(Work)), other.Bridge.AsTask(other.Hub.Spawn(Work)), HubUnderTest.OnPlainThread(Work),
                lane.Bridge.AsTask(lane.Hub.Spawn(WorkAsync)), Task.Run(WorkAsync)),
            "all have worked");
        Assert.Equal(1000, total);
        Assert.False(gate.IsHeld);
    }

    [Fact]
    public async Task InterruptedThread_TakesNothing_OrKeepsTheInterruptForItsNextWait()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var semaphore = new GreenletSemaphore(0);
            var (took, interrupted) = (false, false);
            var thread = new Thread(() =>
            {
                try
                {
                    took = semaphore.TryAcquire(Timeout.InfiniteTimeSpan);
                    new GreenletEvent().Wait();
                }
                catch (ThreadInterruptedException)
                {
                    interrupted = true;
                }
            })
            { IsBackground = true };
            thread.Start();
            await Deadline.Until(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread waits");
            await AtOnce(thread.Interrupt, () => semaphore.Release());
            Deadline.Wait(thread, "the thread's end");
            Assert.True(interrupted);
            Assert.Equal(took ? 0 : 1, semaphore.Count);
        }
    }

    /// <summary>Both on threads of their own, let go together.</summary>
    private static async Task AtOnce(Action one, Action other)
    {
        using var barrier = new Barrier(2);
        Task<int> Run(Action code) => HubUnderTest.OnPlainThread(() =>
        {
            barrier.SignalAndWait();
            code();
            return 0;
        });
        await Deadline.For(Task.WhenAll(Run(one), Run(other)), "both have run");
    }
}
