namespace GreenletBridge.Core.Toolbox;

/// <summary>Pools with a number of places.</summary>
public sealed class PoolTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, LoopsAndBodies]
    public async Task Spawn_WhenFull_WaitsForAPlace_FirstComeFirstServed(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(2, lane.Hub);
        var gates = Enumerable.Range(0, 2).Select(_ => new TaskCompletionSource()).ToArray();
        foreach (var gate in gates)
            _ = pool.Spawn(() => gate.Task);
        Assert.Equal(0, pool.FreeCount);
        var log = new List<int>();
        var spawners = new List<Greenlet>();
        for (var i = 0; i < 3; i++)
        {
            var number = i;
            var spawner = lane.Spawn(body, async waits =>
            {
                if (body == BodyKind.Async)
                    await pool.SpawnAsync(() => log.Add(number));
                else
                    _ = pool.Spawn(() => log.Add(number));
            });
            await lane.Until(() => spawner.Status == GreenletStatus.Waiting, "it waits for a place");
            spawners.Add(spawner);
        }

        Assert.Empty(log);
        gates[0].SetResult();
        foreach (var spawner in spawners)
            await lane.For(lane.Bridge.AsTask(spawner), "it got its place");
        gates[1].SetResult();
        await lane.For(pool.JoinAsync(), "the pool is empty");
        Assert.Equal([0, 1, 2], log);
        Assert.Equal(2, pool.FreeCount);
    }

    [Theory, LoopsAndBodies]
    public async Task Spawn_SpawnerKilledOrTimedOutWhileItWaits_TakesNoPlace(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(1, lane.Hub);
        var gate = new TaskCompletionSource();
        _ = pool.Spawn(() => gate.Task);
        var killed = lane.Spawn(body, async waits =>
        {
            if (body == BodyKind.Async)
                await pool.SpawnAsync(static () => { });
            else
                _ = pool.Spawn(static () => { });
        });
        var late = lane.Spawn<Greenlet?>(body, async waits => body == BodyKind.Async ? await pool.TrySpawnAsync(static () => { }, _second) : pool.TrySpawn(static () => { }, _second));
        await lane.Until(() => killed.Status == GreenletStatus.Waiting && late.Status == GreenletStatus.Waiting && lane.Time.TimerCount == 1, "both wait");
        killed.Kill();
        await lane.Ended(killed);
        lane.Time.Advance(_second);
        Assert.Null(await lane.For(lane.Bridge.AsTask(late), "too late"));
        Assert.Null(pool.TrySpawn(static () => 1));
        Assert.Null(await pool.TrySpawnAsync(static () => Task.FromResult(1)));
        using var cancelled = new CancellationTokenSource();
        var waiting = pool.SpawnAsync(static () => { }, cancelled.Token);
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.For(waiting, "the cancellation"));
        gate.SetResult();

        await lane.For(pool.JoinAsync(), "the pool is empty");
        Assert.Equal(1, pool.FreeCount);
        var next = pool.TrySpawn(static () => 7);
        Assert.Equal(7, await lane.For(lane.Bridge.AsTask(next!), "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task Places_AreNeverExceeded_WhateverEndsHow(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, configure: static options => options.Exclusive = true);
        var pool = new GreenletPool(3, lane.Hub);
        var running = 0;
        var most = 0;
        async Task<int> Work(int item)
        {
            most = Math.Max(most, ++running);
            try
            {
                await new BodyWaits(body).Yield();
                if (item % 5 == 4)
                    throw new InvalidTimeZoneException();
                return item;
            }
            finally
            {
                running--;
            }
        }

        var spawner = lane.Hub.Spawn(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                var item = i;
                _ = body == BodyKind.Async ? pool.Spawn(() => Work(item)) : pool.Spawn(() => Work(item).GetAwaiter().GetResult());
            }
        });
        await lane.For(lane.Bridge.AsTask(spawner), "all are spawned");
        await lane.For(pool.JoinAsync(), "the pool is empty");

        Assert.Equal(3, most);
        Assert.Equal(3, pool.FreeCount);
    }

    [Theory, Loops]
    public async Task Apply_OnOneOfItsOwn_RunsInline_SoAFullPoolDoesNotDeadlock(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(1, lane.Hub);
        var value = lane.Hub.Spawn(() => pool.Apply(() =>
        {
            var outer = Greenlet.Current;
            Assert.Contains(outer!, pool);
            Assert.Equal([1, 2], pool.Map([0, 1], static i => i + 1));
            Assert.Equal([1, 2], pool.IMap([0, 1], static i => i + 1));
            return pool.Apply(() => Greenlet.Current == outer ? 3 : 0);
        }));
        Assert.Equal(3, await lane.For(lane.Bridge.AsTask(value), "the value"));

        Assert.Equal(4, await lane.For(pool.ApplyAsync(() => pool.ApplyAsync(async () =>
        {
            var sum = 0;
            foreach (var item in await pool.MapAsync([1, 2], Task.FromResult))
                sum += item;
            await foreach (var item in pool.IMapAsync([1], Task.FromResult))
                sum += item;
            return sum;
        })), "the value"));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(pool.ApplyAsync(static () => Task.FromException(new InvalidTimeZoneException())), "the failure"));
        AtOnce.Throws<InvalidTimeZoneException>(() => pool.Apply(new Action(static () => throw new InvalidTimeZoneException())));
        Assert.True(pool.Join());
        Assert.Equal(1, pool.FreeCount);
    }

    [Theory, LoopsAndBodies]
    public async Task Apply_CallerKilled_TakesItsWorkAlong(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(1, lane.Hub);
        var caller = lane.Spawn(body, async waits =>
        {
            if (body == BodyKind.Async)
                await pool.ApplyAsync(static () => Greenlet.SleepAsync(Timeout.InfiniteTimeSpan));
            else
                pool.Apply(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
        });
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 2, "both wait");
        caller.Kill();

        await lane.Ended(caller);
        Assert.Equal(GreenletStatus.Killed, caller.Status);
        Assert.True(await lane.For(pool.JoinAsync(), "the work is gone"));
    }

    [Theory, Loops]
    public async Task Add_OfOneMadeElsewhere_TakesAPlace(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(1, lane.Hub);
        var greenlet = await lane.SpawnWaiting(BodyKind.Async);
        pool.Add(greenlet);
        Assert.Equal(0, pool.FreeCount);
        Assert.True(pool.Remove(greenlet));
        Assert.Equal(1, pool.FreeCount);
        pool.Add(greenlet);
        greenlet.Kill();
        await lane.Until(() => pool.FreeCount == 1, "the place is free");
    }

    [Theory, Loops]
    public async Task Add_OfOneThatIsIn_OrHasEnded_TakesNoSecondPlace(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new GreenletPool(3, lane.Hub);
        var greenlet = await lane.SpawnWaiting(BodyKind.Async);
        var ended = lane.Hub.Spawn(static () => { });
        await lane.Ended(ended);

        pool.Add(greenlet);
        pool.Add(greenlet);
        pool.Add(ended);

        Assert.Equal((1, 2), (pool.Count, pool.FreeCount));
        greenlet.Kill();
        await lane.Until(() => pool.FreeCount == 3, "the place is free");
    }

    [Theory, Loops]
    public async Task BadInput_IsTheDocumentedError_AndNoPlaceIsLost(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        AtOnce.Throws<ArgumentOutOfRangeException>(() => _ = new GreenletPool(0, lane.Hub));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => _ = new GreenletPool(-1, lane.Hub));
        var pool = new GreenletPool(2, lane.Hub);
        AtOnce.Throws<ArgumentNullException>(() => pool.Spawn((Action)null!));
        AtOnce.Throws<ArgumentNullException>(() => pool.TrySpawn((Func<Task>)null!));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => pool.TrySpawn(static () => { }, TimeSpan.FromSeconds(-2)));
        AtOnce.Throws<ArgumentNullException>(() => pool.Map((int[])null!, static i => i));
        AtOnce.Throws<ArgumentNullException>(() => pool.Map([1], (Func<int, int>)null!));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => pool.IMap([1], static i => i, bound: 0));
        AtOnce.Throws<ArgumentNullException>(() => pool.IMapAsync([1], (Func<int, Task<int>>)null!));
        Assert.Equal(2, pool.FreeCount);
    }
}
