namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Rows: G running, not started, dead.</summary>
public sealed class StateTests
{
    [Theory, LoopsAndBodies]
    public async Task AsTask_OfRunningGreenletThatReturns_CompletesWithItsValue(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource<int>();
        var greenlet = lane.Spawn(body, async waits =>
        {
            await waits.For(gate.Task);
            return gate.Task.Result;
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");

        var task = lane.Bridge.AsTask(greenlet);
        Assert.False(task.IsCompleted);
        gate.SetResult(7);

        Assert.Equal(7, await lane.For(task, "the value"));
        Assert.Equal(GreenletStatus.Completed, greenlet.Status);
        Assert.Equal(7, greenlet.Value);
    }

    [Theory, LoopsAndBodies]
    public async Task AsTask_OfRunningGreenletThatThrows_FaultsWithItsException(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var error = new InvalidTimeZoneException("mine");
        var greenlet = lane.Spawn<int>(body, async waits =>
        {
            await waits.For(gate.Task);
            throw error;
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");

        var task = lane.Bridge.AsTask(greenlet);
        gate.SetResult();

        await lane.End(task);
        Assert.Equal(TaskStatus.Faulted, task.Status);
        Assert.Same(error, Assert.Single(task.Exception!.InnerExceptions));
        Assert.Equal(GreenletStatus.Faulted, greenlet.Status);
        Assert.Same(error, greenlet.Exception);
    }

    [Theory, LoopsAndBodies]
    public async Task AwaitGreenlet_OfRunningGreenlet_GivesValueOrThrows(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var value = lane.Spawn(body, async waits =>
        {
            await waits.For(gate.Task);
            return "value";
        });
        var failing = lane.Spawn(body, async waits =>
        {
            await waits.For(gate.Task);
            throw new InvalidTimeZoneException();
        });

        async Task<string> AwaitBoth()
        {
            var result = await value;
            await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await failing);
            return result;
        }

        var both = AwaitBoth();
        gate.SetResult();

        Assert.Equal("value", await lane.For(both, "both awaits"));
    }

    [Theory, LoopsAndBodies]
    public async Task AsTask_OfGreenletNotStarted_StartsIt(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Create(body, _ => Task.FromResult(3));
        Assert.Equal(GreenletStatus.Created, greenlet.Status);

        Assert.Equal(3, await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task AwaitGreenlet_OfGreenletNotStarted_StartsIt(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Create(body, _ => Task.FromResult(3));
        async Task<int> Await() => await greenlet;

        Assert.Equal(3, await lane.For(Await(), "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task AsTask_OfGreenletFromSpawnLater_KeepsItsTime(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var begun = 0L;
        Func<int> blocking = () => { begun = lane.Time.GetTimestamp(); return 5; };
        var greenlet = body == BodyKind.Async
            ? lane.Hub.SpawnLater(TimeSpan.FromSeconds(10), () => Task.FromResult(blocking()))
            : lane.Hub.SpawnLater(TimeSpan.FromSeconds(10), blocking);
        var task = lane.Bridge.AsTask(greenlet);
        await lane.Until(() => lane.Time.TimerCount > 0, "the hub has set its timer");

        lane.Time.Advance(TimeSpan.FromSeconds(9));
        await lane.Settle();
        Assert.False(task.IsCompleted);
        Assert.Equal(GreenletStatus.Created, greenlet.Status);
        lane.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(5, await lane.For(task, "the value"));
        Assert.Equal(TimeSpan.FromSeconds(10).Ticks, begun);
    }

    [Theory, LoopsAndBodies]
    public async Task AsTask_WithoutAutoStart_StaysPendingUntilSomebodyStartsIt(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Create(body, _ => Task.FromResult(3));

        var task = lane.Bridge.AsTask(greenlet, new GreenletToTaskOptions { AutoStartGreenlet = false });
        await lane.Settle();
        Assert.Equal(GreenletStatus.Created, greenlet.Status);
        Assert.False(task.IsCompleted);
        greenlet.Start();

        Assert.Equal(3, await lane.For(task, "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task AsTask_OfDeadGreenlet_IsCompletedAtOnce(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var good = lane.Spawn(body, _ => Task.FromResult(9));
        var bad = lane.Spawn<int>(body, _ => throw new InvalidTimeZoneException());
        await lane.Ended(good);
        await lane.Ended(bad);

        var value = lane.Bridge.AsTask(good);
        Assert.Equal(TaskStatus.RanToCompletion, value.Status);
        Assert.Equal(9, value.Result);
        var plain = lane.Bridge.AsTask((Greenlet)good);
        Assert.Equal(TaskStatus.RanToCompletion, plain.Status);
        var failed = lane.Bridge.AsTask(bad);
        Assert.Equal(TaskStatus.Faulted, failed.Status);
        Assert.Same(bad.Exception, failed.Exception!.InnerException);
        Assert.True(good.GetAwaiter().IsCompleted);
        Assert.Equal(9, good.GetAwaiter().GetResult());
    }

    [Theory, LoopsAndBodies]
    public async Task AsTask_BegunBeforeTheHubRuns_StillGetsTheValue(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var task = lane.Bridge.AsTask(lane.Create(body, _ => Task.FromResult(4)));
        Assert.False(task.IsCompleted);

        lane.Hub.Start();

        Assert.Equal(4, await lane.For(task, "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task GetResultByHand_BeforeTheEnd_Waits(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var greenlet = lane.Spawn(body, async waits =>
        {
            await waits.For(gate.Task);
            return 6;
        });
        var got = HubUnderTest.OnPlainThread(() => greenlet.GetAwaiter().GetResult());
        gate.SetResult();

        Assert.Equal(6, await lane.For(got, "the value"));
    }
}
