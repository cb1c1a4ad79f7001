using System.Threading.Channels;

namespace GreenletBridge.Core.Conformance.AsyncioOnGevent;

/// <summary>Row: .NET's own pieces behave on a hub as .NET documents them.</summary>
public sealed class DotNetTests
{
    [Theory, Loops]
    public async Task StartNew_OnTheHubsScheduler_RunsThereOneAtATime(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var running = 0;
        var most = 0;
        var factory = new TaskFactory(lane.Hub.TaskScheduler);
        var tasks = Enumerable.Range(0, 50).Select(i => factory.StartNew(() =>
        {
            Assert.Same(lane.Hub.TaskScheduler, TaskScheduler.Current);
            Assert.Same(lane.Hub, Hub.Current);
            most = Math.Max(most, ++running);
            Thread.SpinWait(1_000);
            running--;
            return i;
        })).ToArray();

        Assert.Equal(Enumerable.Range(0, 50), await lane.For(Task.WhenAll(tasks), "all tasks"));
        Assert.Equal(1, most);
        Assert.Equal(1, lane.Hub.TaskScheduler.MaximumConcurrencyLevel);
        var failing = factory.StartNew(() => throw new InvalidTimeZoneException());
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(failing, "the error"));
        var continued = Task.CompletedTask.ContinueWith(_ => Hub.Current, lane.Hub.TaskScheduler);
        Assert.Same(lane.Hub, await lane.For(continued, "the continuation"));
    }

    [Theory, Loops]
    public async Task StartNew_ThatWaits_LetsTheNextOneRun(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var factory = new TaskFactory(lane.Hub.TaskScheduler);
        var waiting = factory.StartNew(() => gate.Task.Wait());
        var opening = factory.StartNew(gate.SetResult);

        await lane.For(Task.WhenAll(waiting, opening), "both");
        var child = factory.StartNew(() => factory.StartNew(() => 3, TaskCreationOptions.AttachedToParent).Result + Inline(factory));
        Assert.Equal(4, await lane.For(child, "a child, waited for"));

        static int Inline(TaskFactory factory)
        {
            var task = new Task<int>(() => 1);
            task.RunSynchronously(factory.Scheduler!);
            return task.Result;
        }
    }

    [Theory, Loops]
    public async Task StartNew_OnAStoppedHub_FailsAtOnce(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the stop");

        var error = AtOnce.Throws<TaskSchedulerException>(() => { Task.Factory.StartNew(() => { }, CancellationToken.None, TaskCreationOptions.None, lane.Hub.TaskScheduler); });
        Assert.IsType<HubStoppedException>(error.InnerException);
    }

    [Theory, Loops]
    public async Task TaskSchedulerCurrent_InAGreenlet_StaysTheDefault(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var seen = lane.Bridge.RunAsync(() => (TaskScheduler.Current, Task.Factory.StartNew(() => Thread.CurrentThread.IsThreadPoolThread).Result));

        Assert.Equal((TaskScheduler.Default, true), await lane.For(seen, "the scheduler"));
    }

    [Theory, Loops]
    public async Task Post_RunsLaterInOrder_SendRunsBeforeItReturns(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var context = lane.Hub.SynchronizationContext;
        var order = new List<int>();
        for (var i = 0; i < 100; i++)
            context.Post(state => order.Add((int)state!), i);
        await HubUnderTest.OnPlainThread(() =>
        {
            context.Send(_ => order.Add(100), null);
            Assert.Equal(Enumerable.Range(0, 101), order);
            return 0;
        });
        var error = new InvalidTimeZoneException();
        Assert.Same(error, await lane.For(HubUnderTest.OnPlainThread(() => Record.Exception(() => context.Send(_ => throw error, null))), "the error"));
        var nested = lane.Hub.Spawn(() =>
        {
            var ran = 0;
            context.Send(_ => ran++, null);
            SynchronizationContext.Current!.Send(_ => ran++, null);
            context.Post(_ => ran++, null);
            return ran;
        });
        Assert.Equal(2, await lane.For(lane.Bridge.AsTask(nested), "send on the hub runs inline, post does not"));
        Assert.Same(context, context.CreateCopy());
    }

    [Theory, Loops]
    public async Task PostAndSend_OfAGreenletsOwnContext_RunInItsName(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        SynchronizationContext context = null!;
        var greenlet = lane.Hub.Spawn(async () =>
        {
            context = SynchronizationContext.Current!;
            await gate.Task;
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        Greenlet? sent = null;
        var posted = new TaskCompletionSource<Greenlet?>(TaskCreationOptions.RunContinuationsAsynchronously);

        await lane.For(HubUnderTest.OnPlainThread(() => { context.Send(_ => sent = Greenlet.Current, null); return 0; }), "the send");
        context.Post(_ => posted.SetResult(Greenlet.Current), null);

        Assert.Same(greenlet, sent);
        Assert.Same(greenlet, await lane.For(posted.Task, "the post"));
        var error = new InvalidTimeZoneException();
        Assert.Same(error, await lane.For(HubUnderTest.OnPlainThread(() => Record.Exception(() => context.Send(_ => throw error, null))), "the error"));
        Assert.Same(context, context.CreateCopy());
        gate.SetResult();
        await lane.Ended(greenlet);
    }

    [Theory, Loops]
    public async Task ConfigureAwaitFalse_LeavesTheHub(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(async () =>
        {
            await gate.Task.ConfigureAwait(false);
            var left = (Greenlet.Current, Hub.Current, SynchronizationContext.Current, Thread.CurrentThread.IsThreadPoolThread);
            return left;
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        await Task.Run(gate.SetResult);

        Assert.Equal((null, null, null, true), await lane.For(lane.Bridge.AsTask(greenlet), "what it saw"));
    }

    [Theory, Loops]
    public async Task AsyncEnumerable_OnAHub_GoesOnThereAndCleansUp(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var cleaned = false;
        async IAsyncEnumerable<int> Numbers()
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    await Greenlet.YieldAsync();
                    yield return i;
                }
            }
            finally
            {
                await Greenlet.YieldAsync();
                cleaned = true;
            }
        }

        var sum = lane.Bridge.RunAsync(async () =>
        {
            var total = 0;
            await foreach (var number in Numbers())
            {
                Assert.Same(lane.Hub, Hub.Current);
                total += number;
                if (number == 4)
                    break;
            }

            return total;
        });

        Assert.Equal(10, await lane.For(sum, "the sum"));
        Assert.True(cleaned);
    }

    [Theory, Loops]
    public async Task ParallelForEachAsync_WithTheHubsScheduler_RunsTheBodiesThere(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var sum = 0;
        var onTheHub = true;
        var loopTask = lane.Bridge.RunAsync(() => Parallel.ForEachAsync(
            Enumerable.Range(0, 100),
            new ParallelOptions { TaskScheduler = lane.Hub.TaskScheduler, MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                onTheHub &= Hub.Current == lane.Hub;
                await Greenlet.YieldAsync();
                onTheHub &= Hub.Current == lane.Hub;
                // No lock: on one hub these never run at the same time.
                sum += i;
            }));

        await lane.For(loopTask, "the loop");
        Assert.Equal(4950, sum);
        Assert.True(onTheHub);
        var plain = 0;
        await lane.For(lane.Bridge.RunAsync(() => Parallel.ForEachAsync(Enumerable.Range(0, 100), async (i, _) =>
        {
            await Task.Yield();
            Interlocked.Add(ref plain, i);
        })), "a loop on the pool");
        Assert.Equal(4950, plain);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(
            lane.Bridge.RunAsync(() => Parallel.ForEachAsync([1], (_, _) => throw new InvalidTimeZoneException())), "the error"));
    }

    [Theory, Loops]
    public async Task Channel_BetweenGreenletsAndAsyncCode_PassesEverythingInOrder(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var channel = Channel.CreateBounded<int>(2);
        var writer = lane.Hub.Spawn(() =>
        {
            // Blocking code writes as it would anywhere else.
            for (var i = 0; i < 50; i++)
                channel.Writer.WriteAsync(i).AsTask().Wait();
            channel.Writer.Complete();
        });
        var reader = lane.Hub.Spawn(async () =>
        {
            var read = new List<int>();
            await foreach (var i in channel.Reader.ReadAllAsync())
            {
                Assert.Same(lane.Hub, Hub.Current);
                read.Add(i);
            }

            return read;
        });

        Assert.Equal(Enumerable.Range(0, 50), await lane.For(lane.Bridge.AsTask(reader), "what was read"));
        await lane.Ended(writer);
        Assert.True(writer.IsSuccessful);
    }

    [Theory, Loops]
    public async Task PeriodicTimer_OnTheHubsClock_TicksOnTheHub(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), lane.Time);
        var ticks = 0;
        var greenlet = lane.Hub.Spawn(async () =>
        {
            while (await timer.WaitForNextTickAsync())
            {
                Assert.Same(lane.Hub, Hub.Current);
                Interlocked.Increment(ref ticks);
            }

            return ticks;
        });
        for (var i = 1; i <= 3; i++)
        {
            await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
            lane.Time.Advance(TimeSpan.FromSeconds(1));
            await lane.Until(() => Volatile.Read(ref ticks) == i, "the tick");
        }

        timer.Dispose();
        Assert.Equal(3, await lane.For(lane.Bridge.AsTask(greenlet), "the end"));
    }

    [Theory, Loops]
    public async Task ResultOfOnesOwnAsyncMethod_InAGreenlet_DoesNotDeadlock(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var value = lane.Bridge.RunAsync(() => Add(1).Result + Add(2).GetAwaiter().GetResult());

        Assert.Equal(5, await lane.For(value, "the value"));

        async Task<int> Add(int i)
        {
            await Greenlet.YieldAsync();
            await Task.Run(static () => { });
            Assert.Same(lane.Hub, Hub.Current);
            return i + 1;
        }
    }
}
