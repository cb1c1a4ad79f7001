namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Rows: G killed, with and without an exception of one's own; a body that ends as if killed.</summary>
public sealed class KilledTests
{
    private static readonly GreenletToTaskOptions _noCancel = new() { AutoCancelTask = false };

    [Theory, LoopsAndBodies]
    public async Task Killed_BeforeStart_TaskIsCancelledAndTheBodyNeverRuns(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var ran = false;
        var greenlet = lane.Create(body, _ => Task.FromResult(ran = true));
        var pending = lane.Bridge.AsTask(greenlet, new GreenletToTaskOptions { AutoStartGreenlet = false });

        Assert.True(greenlet.Kill());

        Assert.True(pending.IsCanceled);
        Assert.True(lane.Bridge.AsTask(greenlet).IsCanceled);
        greenlet.Start();
        await lane.Settle();
        Assert.False(ran);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.IsType<GreenletExitException>(greenlet.Value);
        Assert.Throws<GreenletExitException>(() => greenlet.Get());
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_BetweenStartAndFirstRun_TaskIsCancelledAndTheBodyNeverRuns(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var ran = false;
        var greenlet = lane.Spawn(body, _ => Task.FromResult(ran = true));
        var task = lane.Bridge.AsTask(greenlet);
        Assert.Equal(GreenletStatus.Scheduled, greenlet.Status);

        Assert.True(greenlet.Kill());
        Assert.True(task.IsCanceled);
        lane.Hub.Start();
        await lane.Settle();

        Assert.False(ran);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_BeforeTheTimeOfItsStart_TaskIsCancelledAndTheTimerIsFreed(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var ran = false;
        var greenlet = lane.Create(body, _ => Task.FromResult(ran = true));
        greenlet.StartLater(TimeSpan.FromHours(1));
        var task = lane.Bridge.AsTask(greenlet);

        Assert.True(greenlet.Kill());

        Assert.True(task.IsCanceled);
        lane.Time.Advance(TimeSpan.FromHours(2));
        await lane.Settle();
        Assert.False(ran);
        await lane.Until(() => lane.Time.TimerCount == 0, "no timer is left");
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_WhileWaiting_TaskIsCancelled(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = await lane.SpawnWaiting(body);
        var task = lane.Bridge.AsTask(greenlet);

        greenlet.Kill();

        await lane.End(task);
        Assert.Equal(TaskStatus.Canceled, task.Status);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.IsType<GreenletExitException>(greenlet.Value);
        Assert.Null(greenlet.Exception);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_LongDead_TaskIsCancelledAtOnce(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = await lane.SpawnWaiting(body);
        greenlet.Kill();
        await lane.Ended(greenlet);

        var task = lane.Bridge.AsTask(greenlet);

        Assert.Equal(TaskStatus.Canceled, task.Status);
        Assert.True(greenlet.Kill(new InvalidTimeZoneException()));
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_AfterItCompleted_KeepsItsValue(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Spawn(body, _ => Task.FromResult(2));
        await lane.Ended(greenlet);

        Assert.True(greenlet.Kill());

        Assert.Equal(2, lane.Bridge.AsTask(greenlet).Result);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_WithoutAutoCancel_TaskCompletesWithTheDefault(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var unbegun = lane.Create(body, _ => Task.FromResult(1));
        unbegun.Kill();
        var waiting = await lane.SpawnWaiting(body);
        var task = lane.Bridge.AsTask(waiting, _noCancel);
        waiting.Kill();

        Assert.Equal(0, await lane.For(task, "the default"));
        Assert.Equal(0, await lane.For(lane.Bridge.AsTask(unbegun, _noCancel), "the default"));
        var exit = Assert.IsType<GreenletExitException>(waiting.Value);
        Assert.Same(exit, Assert.Throws<GreenletExitException>(() => waiting.Get()));
        var plain = lane.Bridge.AsTask((Greenlet)waiting, _noCancel);
        Assert.Equal(TaskStatus.RanToCompletion, plain.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_WithAnExceptionOfOnesOwn_TaskFaultsWithThatObject(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        // Cancellations too: an exception of one's own is never taken for a cancellation.
        Exception[] kills = [new InvalidTimeZoneException(), new OperationCanceledException(), new TaskCanceledException()];
        foreach (var kill in kills)
        {
            foreach (var options in new[] { null, _noCancel })
            {
                var unbegun = lane.Create(body, _ => Task.FromResult(1));
                unbegun.Kill(kill);
                var waiting = await lane.SpawnWaiting(body);
                Task[] tasks = [lane.Bridge.AsTask(unbegun, options), lane.Bridge.AsTask(waiting, options), lane.Bridge.AsTask((Greenlet)waiting, options)];
                waiting.Kill(kill);
                foreach (var task in tasks)
                {
                    await lane.End(task);
                    Assert.Equal(TaskStatus.Faulted, task.Status);
                    Assert.Same(kill, Assert.Single(task.Exception!.InnerExceptions));
                }

                Assert.Equal(GreenletStatus.Faulted, waiting.Status);
                Assert.Same(kill, waiting.Exception);
            }
        }
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_WithAnExitExceptionOfOnesOwn_IsAsAnyKill(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var exit = new GreenletExitException("enough");
        var greenlet = await lane.SpawnWaiting(body);
        var task = lane.Bridge.AsTask(greenlet);

        greenlet.Kill(exit);

        await lane.End(task);
        Assert.Equal(TaskStatus.Canceled, task.Status);
        Assert.Same(exit, greenlet.Value);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_Twice_TheFirstIsThrown(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var first = new InvalidTimeZoneException();
        var greenlet = lane.Spawn(body, async waits =>
        {
            using (Greenlet.Shield())
                await waits.Sleep(TimeSpan.FromSeconds(1));
            await waits.Forever();
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting && lane.Time.TimerCount > 0, "the greenlet sleeps");
        greenlet.Kill(first);
        greenlet.Kill();
        Assert.Equal(GreenletStatus.Waiting, greenlet.Status);
        lane.Time.Advance(TimeSpan.FromSeconds(1));

        await lane.Ended(greenlet);
        Assert.Same(first, greenlet.Exception);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_CatchesItsKill_LivesOnAndCanBeKilledAgain(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var caught = 0;
        var greenlet = lane.Spawn(body, async waits =>
        {
            try
            {
                await waits.Forever();
            }
            catch (GreenletExitException)
            {
                caught++;
            }

            await waits.Forever();
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        greenlet.Kill();
        await lane.Until(() => Volatile.Read(ref caught) == 1 && greenlet.Status == GreenletStatus.Waiting, "it lives on");
        greenlet.Kill();

        await lane.Ended(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(1, caught);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_WaitsInFinally_TheFinallyRunsToItsEnd(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var steps = new List<string>();
        var greenlet = lane.Spawn(body, async waits =>
        {
            try
            {
                await waits.Forever();
            }
            finally
            {
                steps.Add("begin");
                await waits.Sleep(TimeSpan.FromSeconds(1));
                steps.Add("end");
            }
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        Assert.False(greenlet.Kill());
        await lane.Until(() => lane.Time.TimerCount > 0, "its finally block sleeps");
        Assert.False(greenlet.IsReady);
        lane.Time.Advance(TimeSpan.FromSeconds(1));

        await lane.Ended(greenlet);
        Assert.Equal(["begin", "end"], steps);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task Kill_WithATimeout_SaysWhetherItDied(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var stubborn = lane.Spawn(body, async waits =>
        {
            using (Greenlet.Shield())
                await waits.For(gate.Task);
        });
        var easy = await lane.SpawnWaiting(body);

        Assert.False(stubborn.Kill(null, TimeSpan.FromMilliseconds(20)));
        Assert.True(easy.Kill(null, TimeSpan.FromSeconds(30)));
        gate.SetResult();
        await lane.Ended(stubborn);
    }

    [Theory, LoopsAndBodies]
    public async Task BodyThrowsAnExitException_IsAsKilled(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var exit = new GreenletExitException("by itself");
        var greenlet = lane.Spawn<int>(body, _ => throw exit);
        var task = lane.Bridge.AsTask(greenlet);

        await lane.End(task);
        Assert.Equal(TaskStatus.Canceled, task.Status);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Same(exit, greenlet.Value);
        Assert.Equal(0, await lane.For(lane.Bridge.AsTask(greenlet, _noCancel), "the default"));
        Assert.Same(exit, Assert.Throws<GreenletExitException>(() => greenlet.Get()));
    }

    [Theory, LoopsAndBodies]
    public async Task BodyReturnsAnExitException_IsAsKilled(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var exit = new GreenletExitException("returned");
        var greenlet = lane.Spawn<object>(body, _ => Task.FromResult<object>(exit));
        var task = lane.Bridge.AsTask(greenlet);

        await lane.End(task);
        Assert.Equal(TaskStatus.Canceled, task.Status);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Same(exit, greenlet.Value);
        Assert.Null(await lane.For(lane.Bridge.AsTask(greenlet, _noCancel), "the default"));
    }
}
