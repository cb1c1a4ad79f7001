namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>GreenletSemaphore: first in, first out; releases beyond the start value allowed; the bounded form throws.</summary>
public sealed class GreenletSemaphoreTests
{
    private static ValueTask<bool> Take(BodyWaits waits, GreenletSemaphore semaphore, TimeSpan timeout) =>
        waits.Of(() => semaphore.TryAcquire(timeout), () => semaphore.TryAcquireAsync(timeout));

    [Theory, LoopsAndBodies]
    public async Task Release_WithWaiters_GoesToTheLongestWaiting_NobodyOvertakes(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var semaphore = new GreenletSemaphore(0);
        var order = new List<int>();
        var waiters = await lane.SpawnWaiting(body, 4, async (waits, i) =>
        {
            await Take(waits, semaphore, Timeout.InfiniteTimeSpan);
            order.Add(i);
            return i;
        });
        var overtook = true;
        await lane.OnHub(() =>
        {
            semaphore.Release();
            // The place belongs to the first waiter, which has not run yet.
            overtook = semaphore.TryAcquire();
            semaphore.Release(3);
        });
        Assert.False(overtook);
        foreach (var waiter in waiters)
            await lane.ValueOf(waiter);
        Assert.Equal([0, 1, 2, 3], order);
        Assert.Equal(0, semaphore.Count);
    }

    [Fact]
    public void Release_BeyondTheStartValue_AddsPlaces()
    {
        var semaphore = new GreenletSemaphore(1);
        semaphore.Release(4);
        Assert.Equal(5, semaphore.Count);
        for (var i = 0; i < 5; i++)
            Assert.True(semaphore.TryAcquire());
        Assert.False(semaphore.TryAcquire());
    }

    [Fact]
    public void Release_OfABoundedOneThatIsFull_Throws_AndReleasesNothing()
    {
        var semaphore = new GreenletSemaphore(2, 3);
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release(2));
        Assert.Equal(2, semaphore.Count);
        semaphore.Release();
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release());
        var hold = semaphore.Acquire();
        hold.Dispose();
        Assert.Throws<SemaphoreFullException>(() => hold.Dispose());
        Assert.Equal(3, semaphore.Count);
        var unbounded = new GreenletSemaphore(int.MaxValue);
        Assert.Throws<SemaphoreFullException>(() => unbounded.Release());
    }

    [Fact]
    public void NumbersOutOfRange_AreNamed()
    {
        Assert.Equal("initialCount", Assert.Throws<ArgumentOutOfRangeException>(static () => new GreenletSemaphore(-1)).ParamName);
        Assert.Equal("maximumCount", Assert.Throws<ArgumentOutOfRangeException>(static () => new GreenletSemaphore(3, 2)).ParamName);
        Assert.Equal("maximumCount", Assert.Throws<ArgumentOutOfRangeException>(static () => new GreenletSemaphore(0, 0)).ParamName);
        var semaphore = new GreenletSemaphore();
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(0)).ParamName);
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(-1)).ParamName);
        Assert.Equal(1, semaphore.Count);
    }

    [Theory, LoopsAndBodies]
    public async Task Acquire_HeldByUsing_IsGivenBackAtItsEnd_AlsoByAKill(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var semaphore = new GreenletSemaphore();
        var holder = await lane.SpawnWaiting<int>(body, async waits =>
        {
            using (await waits.Of(() => semaphore.Acquire(), () => semaphore.AcquireAsync()))
                await waits.Forever();
            return 0;
        });
        Assert.Equal(0, semaphore.Count);
        Assert.Throws<TimeoutException>(() => semaphore.Acquire(TimeSpan.Zero));
        await Assert.ThrowsAsync<TimeoutException>(async () => await semaphore.AcquireAsync(TimeSpan.Zero));
        var next = await lane.SpawnWaiting<int>(body, async waits =>
        {
            using (await waits.Of(() => semaphore.Acquire(), () => semaphore.AcquireAsync()))
                return semaphore.Count;
        });
        holder.Kill();
        Assert.Equal(0, await lane.ValueOf(next));
        Assert.Equal(1, semaphore.Count);
    }

    [Theory, LoopsAndBodies]
    public async Task Wait_ForAFreePlace_TakesNone(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var semaphore = new GreenletSemaphore(0);
        var watchers = await lane.SpawnWaiting(body, 2, (waits, _) => waits.Of(() => semaphore.Wait(), () => semaphore.WaitAsync()));
        var taker = await lane.SpawnWaiting(body, waits => Take(waits, semaphore, Timeout.InfiniteTimeSpan));
        semaphore.Release();
        Assert.True(await lane.ValueOf(taker));
        Assert.All(watchers, watcher => Assert.False(watcher.IsReady));
        semaphore.Release();
        foreach (var watcher in watchers)
            Assert.True(await lane.ValueOf(watcher));
        Assert.Equal(1, semaphore.Count);
        Assert.True(semaphore.Wait(TimeSpan.Zero));
    }
}
