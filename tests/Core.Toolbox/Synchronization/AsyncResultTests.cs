namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>AsyncResult: set once or again (the last wins), set exception, get throws, Wait never throws, usable as a link target and awaitable.</summary>
public sealed class AsyncResultTests
{
    private static ValueTask<T> Get<T>(BodyWaits waits, AsyncResult<T> result, TimeSpan? timeout = null) =>
        waits.Of(() => result.Get(timeout), () => result.GetAsync(timeout));

    [Theory, LoopsAndBodies]
    public async Task Set_WakesAll_InOrder_AndTheValueIsGivenEveryTime(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var result = new AsyncResult<string>();
        var order = new List<int>();
        var waiters = await lane.SpawnWaiting(body, 4, async (waits, i) =>
        {
            var value = await Get(waits, result);
            order.Add(i);
            return value;
        });
        Assert.False(result.IsReady);
        Assert.Null(result.Value);
        result.Set("yes");
        foreach (var waiter in waiters)
            Assert.Equal("yes", await lane.ValueOf(waiter));
        Assert.Equal([0, 1, 2, 3], order);
        Assert.True(result.IsSuccessful);
        Assert.Equal("yes", result.Get());
        Assert.Equal("yes", result.Get());
        Assert.Equal("yes", await result);
    }

    [Theory, LoopsAndBodies]
    public async Task Set_AgainBeforeTheWaiterRuns_TheLastWins(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var result = new AsyncResult<int>();
        var waiter = await lane.SpawnWaiting(body, waits => Get(waits, result));
        await lane.OnHub(() =>
        {
            result.Set(1);
            result.SetException(new InvalidOperationException());
            result.Set(2);
        });
        Assert.Equal(2, await lane.ValueOf(waiter));
        Assert.Null(result.Exception);

        var error = new FormatException();
        result.SetException(error);
        Assert.Same(error, Assert.Throws<FormatException>(() => result.Get()));
        Assert.False(result.IsSuccessful);
        Assert.Equal(0, result.Value);
    }

    [Theory, LoopsAndBodies]
    public async Task SetException_GetThrowsIt_WaitDoesNot(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var result = new AsyncResult<int>();
        var getter = await lane.SpawnWaiting(body, waits => Get(waits, result));
        var waiter = await lane.SpawnWaiting(body, waits => waits.Of(() => result.Wait(), () => result.WaitAsync()));
        var error = new FormatException("bad");
        result.SetException(error);
        Assert.Same(error, await Assert.ThrowsAsync<FormatException>(() => lane.ValueOf(getter)));
        Assert.True(await lane.ValueOf(waiter));
        Assert.Same(error, result.Exception);
        await Assert.ThrowsAsync<FormatException>(async () => await result);
    }

    [Theory, LoopsAndBodies]
    public async Task TimeIsUp_GetThrows_WaitReturnsFalse(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var result = new AsyncResult<int>();
        var getter = await lane.SpawnWaiting(body, waits => Get(waits, result, TimeSpan.FromSeconds(1)));
        var waiter = await lane.SpawnWaiting(body, waits => waits.Of(() => result.Wait(TimeSpan.FromSeconds(1)), () => result.WaitAsync(TimeSpan.FromSeconds(1))));
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => lane.ValueOf(getter));
        Assert.False(await lane.ValueOf(waiter));
    }

    [Theory, LoopsAndBodies]
    public async Task SetFrom_AsLinkTarget_TakesOverHowTheGreenletEnded(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var (value, error, killed, nothing) = (new AsyncResult<int>(), new AsyncResult<int>(), new AsyncResult<int>(), new AsyncResult<object?>());
        lane.Spawn<int>(body, _ => Task.FromResult(7)).Link(value.SetFrom);
        lane.Spawn<int>(body, _ => throw new FormatException()).Link(error.SetFrom);
        var victim = await lane.SpawnWaiting(body);
        victim.Link(killed.SetFrom);
        victim.Kill();
        lane.Hub.Spawn(static () => { }).Link(nothing.SetFrom);

        Assert.Equal(7, await lane.For(value.GetAsync().AsTask(), "the value"));
        await Assert.ThrowsAsync<FormatException>(() => lane.For(error.GetAsync().AsTask(), "the error"));
        await Assert.ThrowsAsync<GreenletExitException>(() => lane.For(killed.GetAsync().AsTask(), "the kill"));
        Assert.Null(await lane.For(nothing.GetAsync().AsTask(), "the end"));
    }

    [Theory, Loops]
    public async Task SetFrom_OfWhatDoesNotFit_IsAnErrorThatSaysWhy(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var result = new AsyncResult<int>();
        var running = await lane.SpawnWaiting(BodyKind.Blocking);
        Assert.Contains("has not ended", Assert.Throws<InvalidOperationException>(() => result.SetFrom(running)).Message, StringComparison.Ordinal);
        var text = lane.Hub.Spawn(static () => "text");
        await lane.Ended(text);
        Assert.Throws<ArgumentException>(() => result.SetFrom(text));
        Assert.Throws<ArgumentNullException>(() => result.SetFrom(null!));
        Assert.Throws<ArgumentNullException>(() => result.SetException(null!));
        Assert.False(result.IsReady);
    }
}
