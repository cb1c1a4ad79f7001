namespace GreenletBridge.Core.Toolbox;

/// <summary>Waiting until a hub has nothing left to do, and being idle.</summary>
public sealed class HubJoinTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, LoopsAndBodies]
    public async Task Join_WaitsForAllThatRunsIsQueuedOrWillStart(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var log = new List<string>();
        _ = lane.Spawn(body, async waits =>
        {
            await waits.Sleep(_second);
            _ = lane.Spawn(body, async inner =>
            {
                await inner.Yield();
                log.Add("spawned");
            });
            log.Add("slept");
        });
        _ = lane.Hub.SpawnLater(_second * 2, () => log.Add("late"));
        var joined = HubUnderTest.OnPlainThread(() => lane.Hub.Join());
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 1, "it sleeps");
        lane.Time.Advance(_second);
        await lane.Until(() => log.Count == 2, "the second has run");
        Assert.False(joined.IsCompleted);
        Assert.False(lane.Hub.Join(TimeSpan.Zero));
        lane.Time.Advance(_second);

        Assert.True(await lane.For(joined, "nothing is left"));
        Assert.Equal(["slept", "spawned", "late"], log);
        Assert.True(lane.Hub.Join());
        Assert.True(await lane.For(lane.Hub.JoinAsync(TimeSpan.Zero), "still nothing"));
    }

    [Theory, Loops]
    public async Task Join_APostedCallbackRuns_IsNotQuiet(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var begun = new ManualResetEventSlim();
        var end = 0;
        lane.Hub.SynchronizationContext.Post(
            _ =>
            {
                begun.Set();
                while (Volatile.Read(ref end) == 0)
                    Thread.SpinWait(100);
            },
            null);
        Deadline.Wait(begun, "the callback", lane.Snapshot);

        Assert.False(lane.Hub.Join(TimeSpan.Zero));
        Volatile.Write(ref end, 1);
        Assert.True(await lane.For(lane.Hub.JoinAsync(), "nothing is left"));
    }

    [Theory, Loops]
    public async Task JoinAsync_BegunAndForgottenByOneThatHasEnded_CountsForNobody(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var sleeper = lane.Hub.Spawn(static () => Greenlet.SleepAsync(_second));
        await lane.Until(() => sleeper.Status == GreenletStatus.Waiting, "it sleeps");
        var joined = lane.Hub.JoinAsync();

        await lane.For(lane.Hub.Bridge.AsTask(lane.Hub.Spawn(() => { _ = lane.Hub.JoinAsync(); })), "who joins and goes");
        // Something else comes and goes: the hub looks whether it is quiet
        await lane.For(lane.Hub.Bridge.AsTask(lane.Hub.Spawn(static () => { })), "another");
        Assert.False(lane.Hub.Join(TimeSpan.Zero));
        Assert.False(joined.IsCompleted);

        lane.Time.Advance(_second);
        Assert.True(await lane.For(joined, "nothing is left"));
    }

    [Theory, Loops]
    public async Task Join_OneWithATimeForItsStartWasStartedBefore_NothingIsLeftOfThatTime(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var early = lane.Hub.Create(static () => { });
        early.StartLater(_second);
        early.Start();
        await lane.For(lane.Hub.Bridge.AsTask(early), "it");

        Assert.True(await lane.For(lane.Hub.JoinAsync(), "nothing is left"));
        Assert.True(lane.Hub.Join(TimeSpan.Zero));
    }

    [Theory, Loops]
    public async Task JoinAsync_TwiceInOneGreenlet_IsOneThatJoins(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var sleeper = lane.Hub.Spawn(static () => Greenlet.SleepAsync(_second));
        await lane.Until(() => sleeper.Status == GreenletStatus.Waiting, "it sleeps");
        var joiner = lane.Hub.Spawn(() => Task.WhenAll(lane.Hub.JoinAsync(), lane.Hub.JoinAsync()));
        await lane.Until(() => joiner.Status == GreenletStatus.Waiting, "it joins");

        await lane.For(lane.Hub.Bridge.AsTask(lane.Hub.Spawn(static () => { })), "another");
        Assert.False(lane.Hub.Join(TimeSpan.Zero));
        Assert.Equal(GreenletStatus.Waiting, joiner.Status);

        lane.Time.Advance(_second);
        await lane.For(lane.Hub.Bridge.AsTask(joiner), "nothing is left");
    }

    [Theory, LoopsAndBodies]
    public async Task Join_OnOneOfItsGreenlets_DoesNotWaitForItselfNorForOthersThatJoin(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var work = lane.Hub.Spawn(() => gate.Task);
        Greenlet<bool>[] joiners = [.. Enumerable.Range(0, 3).Select(_ => lane.Spawn<bool>(body, async _ =>
        {
            var joined = body == BodyKind.Async ? await lane.Hub.JoinAsync() : lane.Hub.Join();
            return joined && work.IsReady;
        }))];
        await lane.Until(() => Array.TrueForAll(joiners, static joiner => joiner.Status == GreenletStatus.Waiting), "all wait");
        gate.SetResult();

        foreach (var joiner in joiners)
            Assert.True(await lane.For(lane.Bridge.AsTask(joiner), "it joins"));
    }

    [Theory, Loops]
    public async Task Join_TimeIsUpOrCancelled_LeavesTheHubAlone(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Async);
        var joiner = lane.Hub.Spawn(() => lane.Hub.Join(_second));
        await lane.Until(() => joiner.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);
        Assert.False(await lane.For(lane.Bridge.AsTask(joiner), "the answer"));

        using var source = new CancellationTokenSource();
        var other = lane.Hub.JoinAsync(cancellationToken: source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.For(other, "the cancellation"));
        never.Kill();
        Assert.True(await lane.For(lane.Hub.JoinAsync(), "now it is quiet"));
    }

    [Theory, Loops]
    public async Task Join_TheLastOneIsKilledBeforeItsStart_Ends(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var later = lane.Hub.SpawnLater(TimeSpan.FromHours(1), static () => { });
        var joined = lane.Hub.JoinAsync();
        await lane.Settle();
        Assert.False(joined.IsCompleted);
        later.Kill();

        Assert.True(await lane.For(joined, "nothing is left"));
    }

    [Theory, Loops]
    public async Task Join_OfAHubThatStops_Ends_AndOfOneThatWasNeverStarted_IsAnError(HubLoop loop)
    {
        await using var fresh = new HubUnderTest(loop, start: false);
        Assert.True(fresh.Hub.Join());
        _ = fresh.Hub.Spawn(static () => { });
        var error = AtOnce.Throws<HubDeadlockException>(() => fresh.Hub.Join());
        Assert.Contains("Start()", error.Message, StringComparison.Ordinal);

        await using var lane = new HubUnderTest(loop);
        await lane.SpawnWaiting(BodyKind.Async);
        var joined = lane.Hub.JoinAsync();
        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the hub stops");
        Assert.True(await lane.For(joined, "nothing is left"));
        Assert.True(lane.Hub.Join());
        AtOnce.Throws<ArgumentOutOfRangeException>(() => lane.Hub.Join(TimeSpan.FromSeconds(-2)));
    }

    [Theory, LoopsAndBodies]
    public async Task Idle_EverythingElseRunsFirst_AndWhatThatMakesReady(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var log = new List<string>();
        Task Idle(string name) => Note(body == BodyKind.Async ? Greenlet.IdleAsync() : Blocking(), name);
        async Task Note(Task idle, string name)
        {
            await idle;
            log.Add(name);
        }

        static Task Blocking()
        {
            Greenlet.Idle();
            return Task.CompletedTask;
        }

        Greenlet[] all =
        [
            lane.Spawn(body, _ => Idle("first idler")),
            lane.Spawn(body, _ => Idle("second idler")),
            lane.Spawn(body, async waits =>
            {
                for (var i = 0; i < 5; i++)
                    await waits.Yield();
                log.Add("worker");
            }),
        ];
        lane.Hub.Start();
        foreach (var greenlet in all)
            await lane.For(lane.Bridge.AsTask(greenlet), "its end");

        Assert.Equal(["worker", "first idler", "second idler"], log);
    }
}
