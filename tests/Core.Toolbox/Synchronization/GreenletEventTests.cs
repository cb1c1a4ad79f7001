namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>GreenletEvent: set, clear, wait; set followed at once by clear still wakes all that waited; first in, first out.</summary>
public sealed class GreenletEventTests
{
    private static ValueTask<bool> Wait(BodyWaits waits, GreenletEvent e, TimeSpan? timeout = null) =>
        waits.Of(() => e.Wait(timeout), () => e.WaitAsync(timeout));

    [Theory, LoopsAndBodies]
    public async Task Set_FollowedAtOnceByClear_WakesAllThatWaited_InOrder(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var e = new GreenletEvent();
        var order = new List<int>();
        var waiters = await lane.SpawnWaiting(body, 5, async (waits, i) =>
        {
            var came = await Wait(waits, e);
            order.Add(i);
            return came;
        });

        await lane.OnHub(() =>
        {
            e.Set();
            e.Clear();
        });

        foreach (var waiter in waiters)
            Assert.True(await lane.ValueOf(waiter));
        Assert.Equal([0, 1, 2, 3, 4], order);
        Assert.False(e.IsSet);
    }

    [Theory, LoopsAndBodies]
    public async Task Wait_AfterClear_WaitsForTheNextSet(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var e = new GreenletEvent(isSet: true);
        Assert.True(e.IsSet);
        Assert.True(e.Wait(TimeSpan.Zero));
        e.Clear();
        var waiter = await lane.SpawnWaiting(body, waits => Wait(waits, e));
        e.Set();
        Assert.True(await lane.ValueOf(waiter));
    }

    [Theory, LoopsAndBodies]
    public async Task Wait_OfASetEvent_DoesNotSwitch(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var e = new GreenletEvent(isSet: true);
        var others = 0;
        var waiter = lane.Spawn<(bool, int)>(body, async waits =>
        {
            _ = lane.Hub.Spawn(() => { others++; });
            var came = await Wait(waits, e);
            return (came, others);
        });
        Assert.Equal((true, 0), await lane.ValueOf(waiter));
    }

    [Theory, LoopsAndBodies]
    public async Task Wait_TimeIsUp_ReturnsFalse_AndALaterSetFindsNobody(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var e = new GreenletEvent();
        var waiter = await lane.SpawnWaiting(body, waits => Wait(waits, e, TimeSpan.FromSeconds(3)));
        lane.Time.Advance(TimeSpan.FromSeconds(2));
        await lane.Settle();
        Assert.False(waiter.IsReady);
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await lane.ValueOf(waiter));
        e.Set();
    }

    [Theory, LoopsAndBodies]
    public async Task Wait_ZeroTime_IsOnlyALook(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var e = new GreenletEvent();
        var looker = lane.Spawn<bool>(body, async waits => await Wait(waits, e, TimeSpan.Zero));
        Assert.False(await lane.ValueOf(looker));
    }
}
