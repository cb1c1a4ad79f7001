namespace GreenletBridge.Core.Conformance.SeedMarks;

/// <summary>The marks that came with the seed's own tests.</summary>
public sealed class SeedMarkTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, Loops]
    public async Task CoroutineOnTheHub_SeesAnotherThreadAndGreenletThanTheCaller(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var plain = HubUnderTest.OnPlainThread(() =>
        {
            var (thread, greenlet) = lane.Bridge.AsyncToSync(() => Task.FromResult((Environment.CurrentManagedThreadId, Greenlet.Current)))();
            Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
            Assert.NotNull(greenlet);
            return greenlet;
        });
        var caller = lane.Hub.Spawn(async () =>
        {
            var inner = await lane.Bridge.RunAsync(() => Task.FromResult(Greenlet.Current));
            return (Greenlet.Current, inner);
        });

        Assert.True((await lane.For(plain, "the coroutine")).IsReady);
        var (outer, seen) = await lane.For(lane.Bridge.AsTask(caller), "the coroutine");
        Assert.Same(caller, outer);
        Assert.NotSame(caller, seen);
        Assert.Same(caller, seen!.SpawningGreenlet);
    }

    [Theory, LoopsAndBodies]
    public async Task ThreeNestedAwaits_OfWhichTheInnermostSleeps_GiveEveryLevelItsValue(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var values = new List<int>();
        async Task<int> Level(int depth)
        {
            if (depth == 3)
            {
                await lane.Spawn(body, waits => waits.Sleep(_second));
                return 3;
            }

            var value = await Level(depth + 1);
            values.Add(value);
            return value * 10;
        }

        var top = lane.Bridge.RunAsync(() => Level(0));
        await lane.Until(() => lane.Time.TimerCount > 0, "the sleep");
        lane.Time.Advance(_second);

        Assert.Equal(3_000, await lane.For(top, "the value"));
        Assert.Equal([3, 30, 300], values);
    }

    [Theory, LoopsAndBodies]
    public async Task CoroutineThatAwaitsTwoSlowGreenletsAndOneThatFails_LogsInOrder(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var log = new List<object>();
        Greenlet<int> Slow(int value) => lane.Create(body, async waits =>
        {
            await waits.Sleep(_second);
            return value;
        });
        var coroutine = lane.Bridge.RunAsync(async () =>
        {
            log.Add(1);
            log.Add(await Slow(10));
            log.Add(2);
            log.Add(await Slow(20));
            try
            {
                await lane.Create(body, async waits =>
                {
                    await waits.Sleep(_second);
                    throw new InvalidTimeZoneException("error");
                });
                log.Add(3);
            }
            catch (InvalidTimeZoneException e)
            {
                log.Add(e.Message);
            }

            log.Add(4);
        });
        await AdvanceUntil(lane, coroutine);

        Assert.Equal([1, 10, 2, 20, "error", 4], log);
    }

    [Theory, Loops]
    public async Task GreenletThatWaitsForTwoSlowTasksAndOneThatFails_LogsInOrder(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var log = new List<object>();
        async Task<int> Slow(int value)
        {
            await Greenlet.SleepAsync(_second);
            return value;
        }

        int Get(Func<Task<int>> start)
        {
            var greenlet = lane.Bridge.AsGreenlet(_ => start());
            greenlet.Start();
            return greenlet.Get();
        }

        var mirror = lane.Bridge.RunAsync(() =>
        {
            log.Add(1);
            log.Add(Get(() => Slow(10)));
            log.Add(2);
            log.Add(Get(() => Slow(20)));
            try
            {
                Get(async () =>
                {
                    await Slow(0);
                    throw new InvalidTimeZoneException("error");
                });
                log.Add(3);
            }
            catch (InvalidTimeZoneException e)
            {
                log.Add(e.Message);
            }

            log.Add(4);
        });
        await AdvanceUntil(lane, mirror);

        Assert.Equal([1, 10, 2, 20, "error", 4], log);
    }

    [Theory, LoopsAndBodies]
    public async Task WaitingBegunBeforeTheHubRuns_StillGetsItsValue(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var greenlet = lane.Spawn(body, async waits =>
        {
            await waits.Yield();
            return 6;
        });
        var got = HubUnderTest.OnPlainThread(() => greenlet.Get());
        var called = HubUnderTest.OnPlainThread(lane.Bridge.AsyncToSync(() => Task.FromResult(7)));
        await lane.Until(() => lane.Hub.Snapshot().Queued == 2, "both are queued");
        Assert.False(got.IsCompleted);
        lane.Hub.Start();

        Assert.Equal(6, await lane.For(got, "the value"));
        Assert.Equal(7, await lane.For(called, "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task GatherOfAnAsyncSleepAndAGreenletSleep_MarksBoth(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var marks = new List<string>();
        async Task Async()
        {
            marks.Add("start");
            await Greenlet.SleepAsync(_second);
            marks.Add("async end");
        }

        var greenlet = lane.Create(body, async waits =>
        {
            marks.Add("start");
            await waits.Sleep(2 * _second);
            marks.Add("greenlet end");
        });
        var gather = lane.Bridge.RunAsync(() => Task.WhenAll(Async(), lane.Bridge.AsTask(greenlet)));
        await lane.Until(() => marks.Count == 2 && greenlet.Status == GreenletStatus.Waiting, "both sleep");
        await AdvanceUntil(lane, gather);

        Assert.Equal(["start", "start", "async end", "greenlet end"], marks);
    }

    private static async Task AdvanceUntil(HubUnderTest lane, Task task)
    {
        while (!task.IsCompleted)
        {
            await lane.Until(() => task.IsCompleted || lane.Time.TimerCount > 0, "a sleep or the end");
            lane.Time.Advance(_second);
            await lane.Settle();
        }

        await lane.For(task, "the end");
    }
}
