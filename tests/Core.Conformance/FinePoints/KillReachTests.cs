namespace GreenletBridge.Core.Conformance.FinePoints;

/// <summary>Kill as one mechanism: where it reaches.</summary>
public sealed class KillReachTests
{
    [Theory, Loops]
    public async Task KillOfAnAsyncBody_InAwaitGreenlet_EndsTheAwaitAndNotTheAwaited(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var awaited = await lane.SpawnWaiting(BodyKind.Async);
        var cleaned = false;
        var awaiting = lane.Hub.Spawn(async () =>
        {
            try
            {
                return await awaited;
            }
            finally
            {
                await Greenlet.YieldAsync();
                cleaned = true;
            }
        });
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 2, "both wait");
        Assert.Contains(lane.Hub.Snapshot().Greenlets, g => g.Id == awaiting.Id && g.WaitingFor!.Contains($"greenlet {awaited.Id}", StringComparison.Ordinal));
        awaiting.Kill();

        await lane.Ended(awaiting);
        Assert.Equal(GreenletStatus.Killed, awaiting.Status);
        Assert.True(cleaned);
        Assert.False(awaited.IsReady);
        var own = new InvalidTimeZoneException();
        var again = lane.Hub.Spawn(async () => await awaited);
        await lane.Until(() => again.Status == GreenletStatus.Waiting, "it waits");
        again.Kill(own);
        await lane.Ended(again);
        Assert.Same(own, again.Exception);
    }

    [Theory, Loops]
    public async Task KillOfAnAsyncBody_ThroughItsKillToken_EndsKilled(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        foreach (var linked in new[] { false, true })
        {
            foreach (var own in new Exception?[] { null, new InvalidTimeZoneException() })
            {
                var greenlet = lane.Hub.Spawn(async () =>
                {
                    using var source = CancellationTokenSource.CreateLinkedTokenSource(Greenlet.Current!.KillToken);
                    var token = linked ? source.Token : Greenlet.Current.KillToken;
                    Assert.False(token.IsCancellationRequested);
                    // A wait that the hub does not see.
                    await new TaskCompletionSource().Task.WaitAsync(token);
                });
                await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
                greenlet.Kill(own);

                await lane.Ended(greenlet);
                Assert.Equal(own is null ? GreenletStatus.Killed : GreenletStatus.Faulted, greenlet.Status);
                Assert.Same(own, greenlet.Exception);
                Assert.True(greenlet.KillToken.IsCancellationRequested);
            }
        }
    }

    [Theory, Loops]
    public async Task KillTokenAskedForAfterTheKill_IsCancelled(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var unbegun = lane.Hub.Create(static () => { });
        unbegun.Kill();
        var waiting = await lane.SpawnWaiting(BodyKind.Async);
        waiting.Kill();
        await lane.Ended(waiting);

        await lane.Until(() => unbegun.KillToken.IsCancellationRequested && waiting.KillToken.IsCancellationRequested, "both tokens are cancelled");
        var alive = await lane.SpawnWaiting(BodyKind.Async);
        Assert.False(alive.KillToken.IsCancellationRequested);
    }

    [Theory, Loops]
    public async Task KillWithSeveralWaitsAtOnce_ReachesAll(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var other = await lane.SpawnWaiting(BodyKind.Async);
        foreach (var own in new Exception?[] { null, new InvalidTimeZoneException() })
        {
            var killed = 0;
            async Task Branch(Func<Task> wait)
            {
                try
                {
                    await wait();
                }
                catch (Exception e) when (e is GreenletExitException || e == own)
                {
                    killed++;
                    throw;
                }
            }

            var greenlet = lane.Hub.Spawn(() => Task.WhenAll(
                Branch(() => Greenlet.SleepAsync(TimeSpan.FromHours(1))),
                Branch(() => Greenlet.SleepAsync(Timeout.InfiniteTimeSpan)),
                Branch(() => other.JoinAsync()),
                Branch(async () => await other)));
            await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
            greenlet.Kill(own);

            await lane.Ended(greenlet);
            Assert.Equal(4, killed);
            Assert.Equal(own is null ? GreenletStatus.Killed : GreenletStatus.Faulted, greenlet.Status);
            Assert.Same(own, greenlet.Exception);
            if (own is null)
                Assert.IsType<GreenletExitException>(greenlet.Value);
        }

        // The one second in which a failure may still be looked at; it begins when the hub comes to that, after the end was seen.
        await lane.Settle();
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await lane.Until(() => lane.Time.TimerCount == 0, "no timer is left");
    }

    [Theory, Loops]
    public async Task KillInARuntimeWait_EndsIt(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = new TaskCompletionSource<int>();
        using var semaphore = new SemaphoreSlim(0);
        using var handle = new ManualResetEvent(false);
        var held = new object();
        Action[] waits =
        [
            () => never.Task.Wait(),
            () => _ = never.Task.Result,
            () => semaphore.Wait(),
            () => handle.WaitOne(),
            () =>
            {
                lock (held)
                    Monitor.Wait(held);
            },
        ];
        foreach (var wait in waits)
        {
            var cleaned = false;
            var greenlet = lane.Hub.Spawn(() =>
            {
                try
                {
                    wait();
                }
                finally
                {
                    cleaned = true;
                }
            });
            await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
            Assert.False(greenlet.Kill());
            // The hub does not wait for it.
            await lane.Settle();

            await lane.Ended(greenlet);
            Assert.Equal(GreenletStatus.Killed, greenlet.Status);
            Assert.True(cleaned);
        }
    }

    [Theory, Loops]
    public async Task KillInThreadSleep_EndsIt(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var begun = new ManualResetEventSlim();
        var greenlet = lane.Hub.Spawn(() =>
        {
            begun.Set();
#pragma warning disable RS0030 // The sleep is what the kill must reach
            Thread.Sleep(Timeout.Infinite);
#pragma warning restore RS0030
        });
        Deadline.Wait(begun, "the begin", lane.Snapshot);
        greenlet.Kill();

        await lane.Ended(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task KillWhereNothingReaches_IsThrownAtTheNextWait(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var busy = true;
        var begun = false;
        var after = false;
        var greenlet = lane.Spawn(body, async waits =>
        {
            Volatile.Write(ref begun, true);
            while (Volatile.Read(ref busy))
                Thread.SpinWait(100);
            after = true;
            await waits.Yield();
            Assert.Fail("the wait must not come back");
        });
        await lane.Until(() => Volatile.Read(ref begun), "the begin");
        Assert.False(greenlet.Kill());
        Assert.False(greenlet.IsReady);
        Volatile.Write(ref busy, false);

        await lane.Ended(greenlet);
        Assert.True(after);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task KillOfItself_ThrowsAtOnce(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var after = false;
        var greenlet = lane.Spawn(body, async waits =>
        {
            await waits.Yield();
            Greenlet.Current!.Kill();
            after = true;
        });

        await lane.Ended(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.False(after);
    }

    [Theory, LoopsAndBodies]
    public async Task Shield_DefersTheKillUntilItIsDisposed(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var inside = false;
        var greenlet = lane.Spawn(body, async waits =>
        {
            using (Greenlet.Shield())
            using (Greenlet.Shield())
            {
                await waits.For(gate.Task);
                await waits.Yield();
                inside = true;
            }

            await waits.Forever();
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        greenlet.Kill();
        await lane.Settle();
        Assert.False(greenlet.IsReady);
        gate.SetResult();

        await lane.Ended(greenlet);
        Assert.True(inside);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        AtOnce.Throws<InvalidOperationException>(() => Greenlet.Shield());
    }

    [Theory, Loops]
    public async Task KillManyInARow_NeverBlocksTheHub(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlets = Enumerable.Range(0, 1_000)
            .Select(i => lane.Spawn(i % 10 == 0 ? BodyKind.Blocking : BodyKind.Async, waits => waits.Forever()))
            .ToArray();
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 1_000, "all wait");
        await lane.For(lane.Bridge.RunAsync(() =>
        {
            foreach (var greenlet in greenlets)
                greenlet.Kill();
        }), "the killer");

        foreach (var greenlet in greenlets)
            await lane.Ended(greenlet);
        Assert.All(greenlets, greenlet => Assert.Equal(GreenletStatus.Killed, greenlet.Status));
    }
}
