namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>GreenletLock: reentrant, owned by the greenlet, not its thread; release by another is an error.</summary>
public sealed class GreenletLockTests
{
    private static ValueTask<GreenletHold> Acquire(BodyWaits waits, GreenletLock gate, TimeSpan? timeout = null) =>
        waits.Of(() => gate.Acquire(timeout), () => gate.AcquireAsync(timeout));

    [Theory, LoopsAndBodies]
    public async Task Acquire_ByItsHolder_CountsUp(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        var greenlet = lane.Spawn<string>(body, async waits =>
        {
            using (await Acquire(waits, gate))
            {
                await waits.Yield();
                using (await Acquire(waits, gate))
                {
                    Assert.True(gate.TryAcquire());
                    gate.Release();
                    await waits.Yield();
                }

                Assert.True(gate.IsHeldByCaller);
            }

            return gate.IsHeld ? "held" : "free";
        });
        Assert.Equal("free", await lane.ValueOf(greenlet));
    }

    [Theory, LoopsAndBodies]
    public async Task Release_GoesToTheLongestWaiting(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        var order = new List<int>();
        var hold = gate.Acquire();
        var waiters = await lane.SpawnWaiting<int>(body, 4, async (waits, i) =>
        {
            using (await Acquire(waits, gate))
            {
                order.Add(i);
                await waits.Yield();
                order.Add(i);
            }

            return i;
        });
        var overtook = true;
        await lane.OnHub(() =>
        {
            // It belongs to the next one already, which has not run.
            hold.Dispose();
            overtook = gate.TryAcquire();
        });
        Assert.False(overtook);
        foreach (var waiter in waiters)
            await lane.ValueOf(waiter);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], order);
        Assert.False(gate.IsHeld);
    }

    [Theory, LoopsAndBodies]
    public async Task Release_ByAnother_IsAnErrorThatNamesBoth(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        var holder = lane.Create<int>(body, async waits =>
        {
            using (await Acquire(waits, gate))
                await waits.Forever();
            return 0;
        });
        holder.Name = "the holder";
        holder.Start();
        await lane.Until(() => gate.IsHeld, "it is held");
        var other = lane.Create<int>(body, _ =>
        {
            gate.Release();
            return Task.FromResult(0);
        });
        other.Name = "the other";
        other.Start();
        var error = await Assert.ThrowsAsync<SynchronizationLockException>(() => lane.ValueOf(other));
        Assert.Contains("the holder", error.Message, StringComparison.Ordinal);
        Assert.Contains("the other", error.Message, StringComparison.Ordinal);
        Assert.True(gate.IsHeld);
        Assert.Throws<SynchronizationLockException>(gate.Release);
        Assert.Throws<SynchronizationLockException>(() => new GreenletLock().Release());
    }

    [Theory, Loops]
    public async Task Holder_WhoseSegmentsRunOnSeveralThreads_HoldsIt(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        var greenlet = lane.Hub.Spawn(async () =>
        {
            using (await gate.AcquireAsync())
            {
                for (var i = 0; i < 20; i++)
                {
                    // The pool resumes it from wherever; on its hub it may be another thread each time.
                    await Task.Run(static () => { });
                    Assert.True(gate.IsHeldByCaller);
                }
            }

            return gate.IsHeld;
        });
        Assert.False(await lane.ValueOf(greenlet));
    }

    [Theory, Loops]
    public async Task TwoGreenletsOnOneThread_AreTwoOwners(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        var first = await lane.SpawnWaiting<int>(BodyKind.Async, async waits =>
        {
            using (await gate.AcquireAsync())
                await waits.Forever();
            return 0;
        });
        var second = lane.Hub.Spawn(async () =>
        {
            await Task.Yield();
            return gate.TryAcquire();
        });
        Assert.False(await lane.ValueOf(second));
        first.Kill();
        await lane.Ended(first);
        Assert.False(gate.IsHeld);
    }

    [Fact]
    public async Task AcquireAsync_WithoutAGreenlet_BelongsToTheCodeThatAwaitsIt()
    {
        var gate = new GreenletLock();
        var hold = await gate.AcquireAsync();
        await Task.Yield();
        Assert.True(gate.IsHeldByCaller);
        Assert.True(await Task.Run(() => gate.IsHeldByCaller, TestContext.Current.CancellationToken), "What it calls is part of it.");
        Assert.False(await HubUnderTest.OnPlainThread(() => gate.IsHeldByCaller));
        await Task.Run(hold.Dispose, TestContext.Current.CancellationToken);
        Assert.False(gate.IsHeld);
        Assert.False(gate.IsHeldByCaller);
        Assert.Throws<SynchronizationLockException>(() => hold.Dispose());
        var second = await gate.TryAcquireAsync();
        Assert.NotNull(second);
        gate.Release();
        Assert.False(gate.IsHeld);
        Assert.Throws<SynchronizationLockException>(gate.Release);
    }

    [Fact]
    public async Task AcquireAsync_WithoutAGreenlet_KeepsOutWhatItsHolderHasStarted()
    {
        var gate = new GreenletLock();
        var hold = await gate.AcquireAsync();
        // Reentrant, it would let them run beside their holder.
        Assert.Null(await gate.TryAcquireAsync());
        Assert.False(await Task.Run(() => gate.TryAcquire(), TestContext.Current.CancellationToken));
        var forked = Task.Run(async () => { using (await gate.AcquireAsync()) return gate.IsHeldByCaller; }, TestContext.Current.CancellationToken);
        Assert.False(forked.IsCompleted);
        hold.Dispose();
        Assert.True(await Deadline.For(forked, "the fork"));
    }

    [Fact]
    public async Task AcquireAsync_WithoutAGreenlet_SeveralLocks_AreKnownEach()
    {
        GreenletLock outer = new(), inner = new(), never = new();
        using (await outer.AcquireAsync())
        {
            using (await inner.AcquireAsync())
            {
                Assert.Null(await inner.TryAcquireAsync());
                Assert.True(outer.IsHeldByCaller && inner.IsHeldByCaller);
                Assert.False(never.IsHeldByCaller);
            }

            Assert.True(outer.IsHeldByCaller);
            Assert.False(inner.IsHeldByCaller);
        }

        Assert.False(outer.IsHeldByCaller);
    }

    [Theory, Loops]
    public async Task AcquireAsync_WithoutAGreenlet_IsNoneOfTheGreenletsThatItsCodeSpawns(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        using (await gate.AcquireAsync())
        {
            Assert.False(await lane.ValueOf(lane.Hub.Spawn(() => gate.IsHeldByCaller || gate.TryAcquire())));
            await Assert.ThrowsAsync<SynchronizationLockException>(() => lane.ValueOf(lane.Hub.Spawn(() =>
            {
                gate.Release();
                return 0;
            })));
            Assert.True(gate.IsHeldByCaller);
        }
    }

    [Theory, LoopsAndBodies]
    public async Task Acquire_TimeIsUp_Throws_TryAcquireReturnsFalse(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        using (gate.Acquire())
        {
            var acquirer = await lane.SpawnWaiting(body, waits => Acquire(waits, gate, TimeSpan.FromSeconds(1)));
            var trier = await lane.SpawnWaiting(body, waits => waits.Of(() => gate.TryAcquire(TimeSpan.FromSeconds(1)), async () => await gate.TryAcquireAsync(TimeSpan.FromSeconds(1)) is not null));
            lane.Time.Advance(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAsync<TimeoutException>(() => lane.ValueOf(acquirer));
            Assert.False(await lane.ValueOf(trier));
        }

        Assert.False(gate.IsHeld);
    }

    [Theory, Loops]
    public async Task Killed_InsideUsing_GivesItBack(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        var holder = await lane.SpawnWaiting<int>(BodyKind.Blocking, async waits =>
        {
            using (gate.Acquire())
            using (gate.Acquire())
                await waits.Forever();
            return 0;
        });
        var next = await lane.SpawnWaiting<bool>(BodyKind.Blocking, waits => waits.Of(() => gate.TryAcquire(Timeout.InfiniteTimeSpan), null!));
        holder.Kill();
        Assert.True(await lane.ValueOf(next));
    }
}
