namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>GreenletChannel: rendezvous, Balance.</summary>
public sealed class GreenletChannelTests
{
    private static ValueTask<bool> Put<T>(BodyWaits waits, GreenletChannel<T> channel, T item, TimeSpan timeout) =>
        waits.Of(() => channel.TryPut(item, timeout), () => channel.TryPutAsync(item, timeout));

    private static ValueTask<T> Get<T>(BodyWaits waits, GreenletChannel<T> channel) =>
        waits.Of(() => channel.Get(), () => channel.GetAsync());

    [Theory, LoopsAndBodies]
    public async Task Put_WaitsUntilItIsTaken_InOrder(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var channel = new GreenletChannel<int>();
        Assert.False(channel.TryPut(9));
        Assert.False(channel.TryGet(out _));
        Assert.Throws<TimeoutException>(() => channel.Put(9, TimeSpan.Zero));
        Assert.Throws<TimeoutException>(() => channel.Get(TimeSpan.Zero));
        var putters = await lane.SpawnWaiting(body, 3, (waits, i) => Put(waits, channel, i, Timeout.InfiniteTimeSpan));
        Assert.Equal(3, channel.Balance);
        Assert.Equal(0, channel.Get());
        Assert.True(await lane.ValueOf(putters[0]));
        Assert.False(putters[1].IsReady);
        Assert.True(channel.TryGet(out var second));
        Assert.Equal(1, second);
        Assert.Equal(2, channel.Get());
        Assert.Equal(0, channel.Balance);
    }

    [Theory, LoopsAndBodies]
    public async Task Get_WaitsUntilSomethingIsPut_InOrder(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var channel = new GreenletChannel<int>();
        var getters = await lane.SpawnWaiting(body, 3, (waits, _) => Get(waits, channel));
        Assert.Equal(-3, channel.Balance);
        Assert.True(channel.TryPut(1));
        channel.Put(2);
        await channel.PutAsync(3);
        for (var i = 0; i < 3; i++)
            Assert.Equal(i + 1, await lane.ValueOf(getters[i]));
        Assert.False(channel.TryPut(4));
    }

    [Theory, LoopsAndBodies]
    public async Task KilledOrLatePutter_HasHandedNothingOver(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var channel = new GreenletChannel<string>();
        var killed = await lane.SpawnWaiting(body, waits => Put(waits, channel, "killed", Timeout.InfiniteTimeSpan));
        var late = await lane.SpawnWaiting(body, waits => Put(waits, channel, "late", TimeSpan.FromSeconds(1)));
        var patient = await lane.SpawnWaiting(body, waits => Put(waits, channel, "patient", Timeout.InfiniteTimeSpan));
        killed.Kill();
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await lane.ValueOf(late));
        await lane.Ended(killed);
        Assert.Equal(1, channel.Balance);
        Assert.Equal("patient", channel.Get());
        Assert.True(await lane.ValueOf(patient));
    }

    [Theory, LoopsAndBodies]
    public async Task Loop_TakesUntilTheShutdown(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var channel = new GreenletChannel<int>();
        var reader = await lane.SpawnWaiting<int>(body, async _ =>
        {
            var sum = 0;
            if (body == BodyKind.Blocking)
            {
                foreach (var item in channel)
                    sum += item;
            }
            else
            {
                await foreach (var item in channel)
                    sum += item;
            }

            return sum;
        });
        for (var i = 1; i <= 4; i++)
            await lane.For(channel.PutAsync(i).AsTask(), "the item is taken");
        channel.Shutdown();
        Assert.Equal(10, await lane.ValueOf(reader));
        Assert.True(channel.IsShutDown);
        Assert.Throws<QueueShutDownException>(() => channel.Put(1));
        Assert.Throws<QueueShutDownException>(() => channel.Get());
        Assert.False(channel.TryGet(out _));
    }

    [Theory, LoopsAndBodies]
    public async Task Shutdown_WhoWaitsGetsTheError(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var channel = new GreenletChannel<int>();
        var putter = await lane.SpawnWaiting(body, waits => Put(waits, channel, 1, Timeout.InfiniteTimeSpan));
        channel.Shutdown();
        await Assert.ThrowsAsync<QueueShutDownException>(() => lane.ValueOf(putter));
    }
}
