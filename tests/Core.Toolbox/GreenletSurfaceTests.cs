namespace GreenletBridge.Core.Toolbox;

/// <summary>What a user of gevent expects of a greenlet, sentence by sentence.</summary>
public sealed class GreenletSurfaceTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, LoopsAndBodies]
    public async Task Start_NeverRunsSynchronously_SpawnOrderIsStartOrder_TheSpawnerGoesOn(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, configure: static options => options.Exclusive = true);
        var log = new List<string>();
        Greenlet Make(string name) => lane.Create(body, _ =>
        {
            log.Add(name);
            return Task.CompletedTask;
        });
        var spawner = lane.Spawn(body, async waits =>
        {
            var first = Make("first");
            first.Start();
            Make("second").Start();
            first.Start();
            Make("third").StartLater(TimeSpan.Zero);
            log.Add("spawner");
            await waits.Sleep(_second);
            log.Add("spawner again");
        });
        await lane.Until(() => log.Count == 4, "all have begun");
        lane.Time.Advance(_second);
        await lane.For(lane.Bridge.AsTask(spawner), "the end");

        Assert.Equal(["spawner", "first", "second", "third", "spawner again"], log);
    }

    [Theory, LoopsAndBodies]
    public async Task SecondStart_OrAStartAfterAKill_DoesNothing(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var runs = 0;
        var twice = lane.Create(body, _ => Task.FromResult(Interlocked.Increment(ref runs)));
        twice.Start();
        twice.Start();
        twice.StartLater(_second);
        await lane.For(lane.Bridge.AsTask(twice), "the end");
        twice.Start();
        var killed = lane.Create(body, _ => Task.FromResult(Interlocked.Increment(ref runs)));
        killed.Kill();
        killed.Start();
        killed.StartLater(TimeSpan.Zero);
        var late = lane.Create(body, _ => Task.FromResult(Interlocked.Increment(ref runs)));
        late.StartLater(_second);
        late.Kill();
        lane.Time.Advance(_second);
        await lane.Settle();

        Assert.Equal(1, runs);
        Assert.Equal(GreenletStatus.Killed, killed.Status);
        Assert.Equal(GreenletStatus.Killed, late.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task JoinNeverThrows_GetGivesValueOrExceptionEveryTime(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var value = lane.Spawn(body, static _ => Task.FromResult(7));
        var failed = lane.Spawn<int>(body, static _ => throw new InvalidTimeZoneException());
        var waiting = await lane.SpawnWaiting(body);
        var asker = lane.Hub.Spawn(() =>
        {
            Assert.True(failed.Join());
            Assert.True(value.Join(TimeSpan.FromSeconds(5)));
            Assert.False(waiting.Join(TimeSpan.Zero));
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(7, value.Get());
                AtOnce.Throws<InvalidTimeZoneException>(() => failed.Get());
                AtOnce.Throws<TimeoutException>(() => waiting.Get(TimeSpan.Zero));
            }
        });

        await lane.For(lane.Bridge.AsTask(asker), "the end");
        Assert.Equal((true, true, 7, null), (value.IsReady, value.IsSuccessful, value.Value, value.Exception));
        Assert.Equal((true, false, (object?)null), (failed.IsReady, failed.IsSuccessful, failed.Value));
        Assert.IsType<InvalidTimeZoneException>(failed.Exception);
        Assert.False(waiting.IsReady);
    }

    [Theory, LoopsAndBodies]
    public async Task Kill_OfAnUnstartedOne_ItNeverRuns_LinksFire_AndADeadOneIsLeftAlone(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var linked = new TaskCompletionSource<Greenlet>();
        var unstarted = lane.Create(body, static _ => throw new InvalidOperationException("it must not run"));
        unstarted.Link(linked.SetResult);
        Assert.True(unstarted.Kill());
        Assert.Same(unstarted, await lane.For(linked.Task, "the link"));
        Assert.IsType<GreenletExitException>(unstarted.Value);

        var done = lane.Spawn(body, static _ => Task.FromResult(3));
        await lane.Ended(done);
        Assert.True(done.Kill());
        Assert.True(done.Kill(new InvalidTimeZoneException(), TimeSpan.Zero));
        Assert.Equal((GreenletStatus.Completed, 3), (done.Status, done.Value));
    }

    [Theory, LoopsAndBodies]
    public async Task Kill_OnItself_IsThrownAtOnce_AndCanBeCaught_ThenItLives(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Spawn<string>(body, async waits =>
        {
            var log = "";
            try
            {
                Greenlet.Current!.Kill();
                log += "not thrown";
            }
            catch (GreenletExitException)
            {
                log += "thrown";
            }

            await waits.Yield();
            return log + " and lives";
        });

        Assert.Equal("thrown and lives", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        Assert.True(greenlet.IsSuccessful);
    }

    [Theory, LoopsAndBodies]
    public async Task Killed_IsNoFailure_NothingIsReported_LinkValueFires_GetThrows(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var value = new TaskCompletionSource<Greenlet>();
        var exception = 0;
        var killed = await lane.SpawnWaiting(body);
        killed.LinkValue(value.SetResult);
        killed.LinkException(_ => exception++);
        killed.Kill();
        Assert.Same(killed, await lane.For(value.Task, "the link"));
        Assert.Equal((GreenletStatus.Killed, false), (killed.Status, killed.IsSuccessful));
        Assert.Null(killed.Exception);
        var exit = Assert.IsType<GreenletExitException>(killed.Value);
        Assert.Same(exit, AtOnce.Throws<GreenletExitException>(() => killed.Get()));

        var mine = new InvalidTimeZoneException();
        var faulted = await lane.SpawnWaiting(body);
        faulted.Kill(mine);
        await lane.Ended(faulted);
        Assert.Equal(GreenletStatus.Faulted, faulted.Status);
        Assert.Same(mine, faulted.Exception);
        lane.Time.Advance(TimeSpan.FromMinutes(1));
        await lane.Settle();
        Assert.DoesNotContain(lane.Listener.Faults, fault => fault.Greenlet == killed);
        Assert.Equal(0, exception);
    }

    [Theory, LoopsAndBodies]
    public async Task Failure_ThatNobodyAsksFor_IsReportedOnce(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var failed = lane.Spawn(body, static _ => throw new InvalidTimeZoneException());
        await lane.Ended(failed);
        for (var i = 0; i < 3; i++)
        {
            lane.Time.Advance(TimeSpan.FromMinutes(1));
            await lane.Settle();
        }

        Assert.Same(failed, Assert.Single(lane.Listener.Faults).Greenlet);
    }

    [Theory, LoopsAndBodies]
    public async Task Links_RunInOrder_EachInAGreenletOfItsOwn_AlsoAfterDeath_AnErrorStopsNoOther(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, configure: static options => options.Exclusive = true);
        var log = new List<string>();
        var greenlet = await lane.SpawnWaiting(body);
        var gate = new TaskCompletionSource();
        greenlet.Link(_ =>
        {
            log.Add("first");
            Greenlet.Await(gate.Task);
            log.Add("first again");
        });
        greenlet.Link(_ =>
        {
            log.Add("second");
            throw new InvalidTimeZoneException();
        });
        greenlet.Link(link =>
        {
            log.Add("third");
            Assert.NotSame(link, Greenlet.Current);
        });
        greenlet.Kill();
        await lane.Until(() => log.Count == 3, "all links have begun");
        var inline = true;
        var adder = lane.Hub.Spawn(() =>
        {
            greenlet.Link(_ => log.Add($"late, inline {inline}"));
            inline = false;
        });
        await lane.Until(() => log.Count == 4, "the late link");
        gate.SetResult();
        await lane.Until(() => log.Count == 5, "the first link goes on");

        Assert.Equal(["first", "second", "third", "late, inline False", "first again"], log);
        Assert.True(adder.IsReady);
    }

    [Theory, LoopsAndBodies]
    public async Task Identity_IdIsNeverReused_TheSpawnerIsKnown_ANameCanBeGiven(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var spawner = lane.Spawn<Greenlet>(body, _ => Task.FromResult<Greenlet>(lane.Create(body, static _ => Task.CompletedTask)));
        var child = await lane.For(lane.Bridge.AsTask(spawner), "the child");
        child.Name = "junior";
        Assert.Same(spawner, child.SpawningGreenlet);
        Assert.Null(spawner.SpawningGreenlet);
        Assert.Contains("junior", child.ToString(), StringComparison.Ordinal);
        var ids = Enumerable.Range(0, 100).Select(_ => lane.Create(body, static _ => Task.CompletedTask).Id).ToList();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(100, ids.Distinct().Count());
        child.Kill();
    }

    [Theory, Loops]
    public async Task Sleep_OfZeroOrLess_Yields(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, configure: static options => options.Exclusive = true);
        var log = new List<int>();
        foreach (var time in (int[])[0, -5])
        {
            var both = lane.Hub.Spawn(async () =>
            {
                var one = lane.Hub.Spawn(() =>
                {
                    log.Add(1);
                    Greenlet.Sleep(TimeSpan.FromSeconds(time));
                    log.Add(3);
                });
                var two = lane.Hub.Spawn(async () =>
                {
                    log.Add(2);
                    await Greenlet.SleepAsync(TimeSpan.FromSeconds(time));
                    log.Add(4);
                });
                await Greenlet.JoinAllAsync([one, two]);
            });
            await lane.For(lane.Bridge.AsTask(both), "both end");
            Assert.Equal([1, 2, 3, 4], log);
            log.Clear();
        }
    }

    [Theory, Loops]
    public async Task WhateverIsAskedOfAStoppedHub_IsAnErrorThatNamesItAndTheFix(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var made = lane.Hub.Create(static () => { });
        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the hub stops");
        Action[] all =
        [
            () => lane.Hub.Spawn(static () => { }),
            () => lane.Hub.Spawn(static () => Task.CompletedTask),
            () => lane.Hub.SpawnLater(_second, static () => { }),
            made.Start,
            () => made.StartLater(_second),
            lane.Hub.Start,
            () => lane.Hub.Run(static () => Task.CompletedTask),
            () => lane.Bridge.RunAsync(static () => { }),
            () => lane.Hub.Offload(static () => { }),
            () => new GreenletGroup(lane.Hub).Spawn(static () => { }),
            () => GreenletScope.Run(static scope => scope.Spawn(static () => { }), lane.Hub),
        ];
        foreach (var ask in all)
        {
            var error = AtOnce.Throws<HubStoppedException>(ask);
            Assert.Contains(lane.Hub.Name, error.Message, StringComparison.Ordinal);
            Assert.Contains("hub that runs", error.Message.Replace("create a new Hub", "hub that runs", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }
}
