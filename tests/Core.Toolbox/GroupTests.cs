namespace GreenletBridge.Core.Toolbox;

/// <summary>Groups of greenlets.</summary>
public sealed class GroupTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, LoopsAndBodies]
    public async Task Spawned_IsIn_AndLeavesWhenItEnds_HoweverThatIs(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var group = new GreenletGroup(lane.Hub);
        var gate = new TaskCompletionSource();
        var one = body == BodyKind.Async ? group.Spawn(async () => { await gate.Task; }) : group.Spawn(() => Greenlet.Await(gate.Task));
        var two = body == BodyKind.Async ? group.Spawn(async () => { await gate.Task; return 2; }) : group.Spawn(() => { Greenlet.Await(gate.Task); return 2; });
        var killed = group.Spawn(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
        var failed = group.Spawn(new Action(static () => throw new InvalidTimeZoneException()));
        Assert.Contains(one, group);
        Assert.True(group.Contains(two));
        killed.Kill();
        await lane.Ended(killed);
        await lane.Ended(failed);
        await lane.Until(() => group.Count == 2, "two are left");
        Assert.Equal(new HashSet<Greenlet> { one, two }, group.ToHashSet());
        gate.SetResult();

        Assert.True(await lane.For(group.JoinAsync(), "it is empty"));
        Assert.Empty(group);
        Assert.Equal(2, two.Get());
    }

    [Theory, Loops]
    public async Task Failure_ThatNobodyWaitsFor_IsReportedOnce(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var group = new GreenletGroup(lane.Hub);
        var failed = group.Spawn(new Action(static () => throw new InvalidTimeZoneException()));
        await lane.Until(() => group.Count == 0, "it has ended");
        await lane.Settle();
        lane.Time.Advance(TimeSpan.FromMinutes(1));
        await lane.Until(() => !lane.Listener.Faults.IsEmpty, "the report");

        Assert.Same(failed, Assert.Single(lane.Listener.Faults).Greenlet);
    }

    [Theory, LoopsAndBodies]
    public async Task Join_TimeIsUp_OrThrowOnError(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var group = new GreenletGroup(lane.Hub);
        var never = group.Spawn(static () => Greenlet.SleepAsync(Timeout.InfiniteTimeSpan));
        Assert.False(group.Join(TimeSpan.Zero));
        var joiner = lane.Spawn<bool>(body, async waits => body == BodyKind.Async ? await group.JoinAsync(_second) : group.Join(_second));
        await lane.Until(() => joiner.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);
        Assert.False(await lane.For(lane.Bridge.AsTask(joiner), "the answer"));

        var gate = new TaskCompletionSource();
        _ = group.Spawn(async () =>
        {
            await gate.Task;
            throw new InvalidTimeZoneException();
        });
        var failing = group.JoinAsync(throwOnError: true);
        gate.SetResult();
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(failing, "the failure"));
        Assert.False(never.IsReady);
        AtOnce.Throws<ArgumentOutOfRangeException>(() => group.Join(TimeSpan.FromSeconds(-2)));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => group.Kill(timeout: TimeSpan.FromSeconds(-2)));
        Assert.False(never.IsReady);
    }

    [Theory, LoopsAndBodies]
    public async Task Kill_KillsAll_AlsoThoseThatAreSpawnedMeanwhile(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var group = new GreenletGroup(lane.Hub);
        var mine = new InvalidTimeZoneException();
        Greenlet? late = null;
        var first = group.Spawn(() =>
        {
            try
            {
                Greenlet.Sleep(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                late = group.Spawn(static () => Greenlet.SleepAsync(Timeout.InfiniteTimeSpan));
                Greenlet.Yield();
            }
        });
        await lane.Until(() => first.Status == GreenletStatus.Waiting, "it waits");
        var killer = lane.Spawn<bool>(body, async waits => body == BodyKind.Async ? await group.KillAsync(mine) : group.Kill(mine));

        Assert.True(await lane.For(lane.Bridge.AsTask(killer), "all are dead"));
        Assert.Same(mine, first.Exception);
        Assert.Same(mine, late!.Exception);
        Assert.Empty(group);
    }

    [Theory, Loops]
    public async Task Kill_ByOneOfItsOwn_ItIsKilledLast(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var group = new GreenletGroup(lane.Hub);
        var other = group.Spawn(static () => Greenlet.SleepAsync(Timeout.InfiniteTimeSpan));
        var otherWasDead = false;
        var killer = group.Spawn(() =>
        {
            try
            {
                group.Kill();
            }
            finally
            {
                otherWasDead = other.IsReady;
            }
        });
        await lane.Ended(killer);

        Assert.Equal(GreenletStatus.Killed, killer.Status);
        Assert.True(otherWasDead);
    }

    [Theory, LoopsAndBodies]
    public async Task Kill_TimeIsUp_IsFalse_AndOneThatResistsIsStillIn(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var group = new GreenletGroup(lane.Hub);
        var gate = new TaskCompletionSource();
        var resists = group.Spawn(() =>
        {
            using (Greenlet.Shield())
                Greenlet.Await(gate.Task);
        });
        await lane.Until(() => resists.Status == GreenletStatus.Waiting, "it waits");
        Assert.False(group.Kill(timeout: TimeSpan.Zero));
        var killer = lane.Spawn<bool>(body, async _ => body == BodyKind.Async ? await group.KillAsync(timeout: _second) : group.Kill(timeout: _second));
        await lane.Until(() => killer.Status == GreenletStatus.Waiting, "the killer waits");
        lane.Time.Advance(_second);

        Assert.False(await lane.For(lane.Bridge.AsTask(killer), "the answer"));
        Assert.Same(resists, Assert.Single(group));
        gate.SetResult();
        Assert.True(await lane.For(group.KillAsync(), "all have ended"));
        Assert.Empty(group);
    }

    [Theory, Loops]
    public async Task AddAndRemove_OfGreenletsMadeElsewhere(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var group = new GreenletGroup(lane.Hub);
        var greenlet = await lane.SpawnWaiting(BodyKind.Async);
        group.Add(greenlet);
        group.Add(greenlet);
        _ = Assert.Single(group);
        Assert.True(group.Remove(greenlet));
        Assert.False(group.Remove(greenlet));
        Assert.Equal(0, greenlet.ContinuationCount());
        Assert.True(group.Join());
        var done = lane.Hub.Spawn(static () => { });
        await lane.Ended(done);
        group.Add(done);
        Assert.Empty(group);
        AtOnce.Throws<ArgumentNullException>(() => group.Add(null!));
        AtOnce.Throws<ArgumentNullException>(() => group.Remove(null!));
        AtOnce.Throws<ArgumentNullException>(() => group.Spawn((Action)null!));
    }

    [Theory, Loops]
    public async Task Spawn_OnAHubThatHasStopped_IsAnError_AndNothingIsIn(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(1, lane.Hub);
        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the hub stops");

        AtOnce.Throws<HubStoppedException>(() => pool.Spawn(static () => { }));
        AtOnce.Throws<HubStoppedException>(() => pool.TrySpawn(static () => { }));
        Assert.Equal(1, pool.FreeCount);
        Assert.Empty(pool);
    }

    [Theory, Loops]
    public async Task Hub_IsTheCallersOwn_WhenNoneIsGiven(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var group = await lane.For(lane.Bridge.AsTask(lane.Hub.Spawn(static () => new GreenletGroup())), "the group");
        Assert.Same(lane.Hub, group.Hub);
        Assert.Same(Hub.Default, new GreenletGroup().Hub);
    }
}
