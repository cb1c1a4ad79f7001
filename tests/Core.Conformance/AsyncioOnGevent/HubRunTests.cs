namespace GreenletBridge.Core.Conformance.AsyncioOnGevent;

/// <summary>hub.Run: the calling thread is the loop.</summary>
public sealed class HubRunTests
{
    [Theory, Loops]
    public async Task Run_OfAsyncCode_GivesItsValueAndGoesOnOnTheHub(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var value = HubUnderTest.OnPlainThread(() => lane.Hub.Run(async () =>
        {
            var thread = Environment.CurrentManagedThreadId;
            Assert.Same(lane.Hub, Hub.Current);
            var self = Greenlet.Current;
            await Greenlet.YieldAsync();
            Assert.Same(lane.Hub, Hub.Current);
            await Task.Run(static () => { });
            Assert.Same(lane.Hub, Hub.Current);
            Assert.Same(self, Greenlet.Current);
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            return 5;
        }));

        Assert.Equal(5, await lane.For(value, "the value"));
    }

    [Theory, Loops]
    public async Task Run_OfEachKindOfCode_RunsOnTheCallingThread(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var ran = HubUnderTest.OnPlainThread(() =>
        {
            var caller = Environment.CurrentManagedThreadId;
            var threads = new List<int>();
            lane.Hub.Run(() =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                Greenlet.Yield();
                threads.Add(Environment.CurrentManagedThreadId);
            });
            lane.Hub.Run(async () =>
            {
                await Greenlet.YieldAsync();
                threads.Add(Environment.CurrentManagedThreadId);
            });
            threads.Add(lane.Hub.Run(() => Environment.CurrentManagedThreadId));
            threads.Add(lane.Hub.Run(async () =>
            {
                await Task.Run(static () => { });
                return Environment.CurrentManagedThreadId;
            }));
            Assert.Null(Greenlet.Current);
            Assert.Null(SynchronizationContext.Current);
            return threads.All(thread => thread == caller) ? threads.Count : -1;
        });

        Assert.Equal(5, await lane.For(ran, "four runs"));
    }

    [Theory, Loops]
    public async Task Run_OfCodeThatThrows_ThrowsItsException(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var error = new InvalidTimeZoneException();
        Action[] runs =
        [
            () => lane.Hub.Run((Func<Task>)(() => throw error)),
            () => lane.Hub.Run(async () =>
            {
                await Greenlet.YieldAsync();
                throw error;
            }),
            () => lane.Hub.Run((Action)(() => throw error)),
            () => lane.Hub.Run((Func<int>)(() => throw error)),
        ];
        foreach (var run in runs)
            Assert.Same(error, await lane.For(HubUnderTest.OnPlainThread(() => Record.Exception(run)), "the error"));
        Assert.Empty(lane.Listener.Faults);
    }

    [Theory, Loops]
    public async Task Run_WithGreenletsSpawnedInside_TheyInterleaveWithIt(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var steps = HubUnderTest.OnPlainThread(() => lane.Hub.Run(async () =>
        {
            var log = new List<string>();
            var greenlet = lane.Hub.Spawn(() =>
            {
                log.Add("greenlet 1");
                Greenlet.Yield();
                log.Add("greenlet 2");
            });
            log.Add("code 1");
            await Greenlet.YieldAsync();
            log.Add("code 2");
            await greenlet;
            return log;
        }));

        Assert.Equal(["code 1", "greenlet 1", "code 2", "greenlet 2"], await lane.For(steps, "the steps"));
    }

    [Theory, Loops]
    public async Task Run_WithABlockingWaitInAsyncCode_LetsGreenletsAndOtherAsyncCodeGoOn(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var value = HubUnderTest.OnPlainThread(() => lane.Hub.Run(async () =>
        {
            await Greenlet.YieldAsync();
            var fromAsync = new TaskCompletionSource<int>();
            var fromGreenlet = new TaskCompletionSource<int>();
            var other = lane.Hub.Spawn(async () =>
            {
                await Greenlet.YieldAsync();
                fromAsync.SetResult(1);
            });
            var greenlet = lane.Hub.Spawn(() =>
            {
                Greenlet.Yield();
                fromGreenlet.SetResult(2);
            });
            // Own continuations too go on while this one blocks.
            var own = Own();
            async Task<int> Own() => await fromGreenlet.Task + 10;
            return Greenlet.Await(fromAsync.Task) + fromGreenlet.Task.Result + own.Result;
        }));

        Assert.Equal(15, await lane.For(value, "the value"));
    }

    [Theory, Loops]
    public async Task Run_OfAHubThatIsRunOrWhoseGreenletAsks_ThrowsAtOnce(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = HubUnderTest.OnPlainThread(() => lane.Hub.Run(async () =>
        {
            begun.SetResult();
            await gate.Task;
            return 1;
        }));
        await lane.For(begun.Task, "the first run");

        AtOnce.Throws<InvalidOperationException>(() => lane.Hub.Run(static () => { }));
        var inGreenlet = lane.Hub.Spawn(() => AtOnce.Throws<InvalidOperationException>(() => lane.Hub.Run(static () => { })));
        Assert.Contains("AsyncToSync", (await lane.For(lane.Bridge.AsTask(inGreenlet), "the error")).Message, StringComparison.Ordinal);
        gate.SetResult();
        Assert.Equal(1, await lane.For(first, "the first run"));
        Assert.Equal(2, await lane.For(HubUnderTest.OnPlainThread(() => lane.Hub.Run(() => 2)), "a later run"));
    }

    [Theory, Loops]
    public async Task Run_OfAClosedHub_ThrowsAtOnce(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the stop");

        Assert.IsAssignableFrom<InvalidOperationException>(AtOnce.Throws<HubStoppedException>(() => lane.Hub.Run(static () => { })));
        AtOnce.Throws<HubStoppedException>(() => lane.Hub.Run(() => Task.CompletedTask));
    }

    [Theory, Loops]
    public async Task Run_OfASecondHubInAnotherThread_IsFine(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        var one = new TaskCompletionSource<int>();
        var two = new TaskCompletionSource<int>();
        var first = HubUnderTest.OnPlainThread(() => lane.Hub.Run(async () =>
        {
            one.SetResult(1);
            return await two.Task;
        }));
        var second = HubUnderTest.OnPlainThread(() => other.Hub.Run(async () =>
        {
            two.SetResult(2);
            return await one.Task;
        }));

        int[] values = await lane.For(Task.WhenAll(first, second), "both");
        Assert.Equal([2, 1], values);
    }

    [Theory, Loops]
    public async Task Run_WhoseGreenletIsKilled_ThrowsTheExit(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        Greenlet? main = null;
        var run = HubUnderTest.OnPlainThread(() => Record.Exception(() => lane.Hub.Run(async () =>
        {
            Volatile.Write(ref main, Greenlet.Current);
            await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan);
        })));
        await lane.Until(() => Volatile.Read(ref main) is { Status: GreenletStatus.Waiting }, "the code waits");
        main!.Kill();

        Assert.IsType<GreenletExitException>(await lane.For(run, "the exit"));
    }

    [Theory, Loops]
    public async Task Run_OnTheSystemsClock_SleepsAndWakesByItself(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, configure: options => options.TimeProvider = TimeProvider.System);
        var run = HubUnderTest.OnPlainThread(() => lane.Hub.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
                await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1));
            Greenlet.Sleep(1);
            return 3;
        }));

        Assert.Equal(3, await lane.For(run, "the value"));
    }
}
