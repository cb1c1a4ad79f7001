namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>What gevent-surface says of every blocking member: cooperative, blocking elsewhere, timeout, token, twin, across hubs, clean under kill.</summary>
public sealed class EveryMemberTests
{
    [Theory, EveryMember]
    public async Task OnAGreenlet_OthersRunMeanwhile_AndItComes(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var waiter = await lane.SpawnWaiting(body, waits => member.Wait(waits));
        await lane.Settle();
        Assert.False(waiter.IsReady);
        Assert.Contains(lane.Hub.Snapshot().Greenlets, static greenlet => greenlet.WaitingFor is { Length: > 0 });
        member.Grant();
        Assert.True(await lane.ValueOf(waiter));
    }

    [Theory, EveryMember]
    public async Task AcrossHubs_AGrantOfOneHubWakesAnother(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        await using var other = Waiting.Lane(loop == HubLoop.Threads ? HubLoop.Scheduler : HubLoop.Threads);
        var member = Member.Make(name);
        var waiter = await lane.SpawnWaiting(body, waits => member.Wait(waits));
        await other.OnHub(member.Grant);
        Assert.True(await lane.ValueOf(waiter));
    }

    [Theory, EveryMember]
    public async Task Killed_TakesNothing_AndTheNextIsServed(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var victim = await lane.SpawnWaiting(body, waits => member.Wait(waits));
        var next = await lane.SpawnWaiting(body, waits => member.Wait(waits));
        await lane.OnHub(() =>
        {
            // The kill decides, though the victim has not run when the grant comes.
            victim.Kill();
            member.Grant();
        });
        Assert.True(await lane.ValueOf(next));
        await lane.Killed(victim);
    }

    [Theory, EveryMember]
    public async Task Killed_Alone_LeavesTheGrantToWhoComesLater(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var victim = await lane.SpawnWaiting(body, waits => member.Wait(waits));
        victim.Kill();
        await lane.Ended(victim);
        Traces.AssertNone(member.Primitive);
        member.Grant();
        Assert.True(member.IsUntaken());
    }

    [Theory, EveryMember]
    public async Task GrantedBeforeTheKill_HasItsGrant_AndTheKillComesAtTheNextWait(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var came = false;
        var victim = await lane.SpawnWaiting<bool>(body, async waits =>
        {
            came = await member.Wait(waits);
            await waits.Forever();
            return true;
        });
        await lane.OnHub(() =>
        {
            member.Grant();
            victim.Kill();
        });
        await lane.Killed(victim);
        Assert.True(came);
    }

    [Theory, EveryMember]
    public async Task Killed_UnderAShield_WaitsOn_AndTheKillComesAtTheNextWait(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var came = false;
        var victim = await lane.SpawnWaiting<bool>(body, async waits =>
        {
            using (Greenlet.Shield())
                came = await member.Wait(waits);
            await waits.Forever();
            return true;
        });
        victim.Kill();
        await lane.Settle();
        Assert.False(victim.IsReady);
        member.Grant();
        await lane.Killed(victim);
        Assert.True(came);
    }

    [Theory, EveryMember]
    public async Task Killed_InALazyFactory_WaitsOn_SoThatTheFactoryIsNotPoisoned(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var lazy = new Lazy<bool>(() => member.Block(null, CancellationToken.None));
        var victim = await lane.SpawnWaiting<bool>(body, async waits =>
        {
            _ = lazy.Value;
            await waits.Forever();
            return true;
        });
        // The wait that the kill ended is begun anew: it must be as if it had never ended.
        victim.Kill();
        await lane.Settle();
        await lane.Settle();
        Assert.False(victim.IsReady);
        member.Grant();
        await lane.Killed(victim);
        Assert.True(lazy.Value);
    }

    [Theory, EveryMember]
    public async Task TimeIsUp_TakesNothing(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var waiter = await lane.SpawnWaiting(body, waits => member.Wait(waits, TimeSpan.FromSeconds(1)));
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await lane.ValueOf(waiter));
        Assert.Equal(0, lane.Time.TimerCount);
        Traces.AssertNone(member.Primitive);
        member.Grant();
        Assert.True(member.IsUntaken());
    }

    [Theory, EveryMember]
    public async Task GrantedAsTheTimeIsUp_HasItsGrant(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var waiter = await lane.SpawnWaiting(body, waits => member.Wait(waits, TimeSpan.FromSeconds(1)));
        await lane.OnHub(() =>
        {
            // The clock is past the limit, but the hub has not looked at it when the grant comes.
            lane.Time.Advance(TimeSpan.FromSeconds(2));
            member.Grant();
        });
        Assert.True(await lane.ValueOf(waiter));
    }

    [Theory, EveryMember]
    public async Task Cancelled_ThrowsAndTakesNothing(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        using var cancel = new CancellationTokenSource();
        var waiter = await lane.SpawnWaiting(body, waits => member.Wait(waits, null, cancel.Token));
        await lane.OnHub(() =>
        {
            cancel.Cancel();
            member.Grant();
        });
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.ValueOf(waiter));
        Assert.IsNotAssignableFrom<GreenletExitException>(error);
        Assert.Equal(cancel.Token, error.CancellationToken);
        Traces.AssertNone(member.Primitive);
        Assert.True(member.IsUntaken());
    }

    [Theory, EveryMember]
    public async Task CancelledBefore_ThrowsEvenIfItHasCome(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        member.Grant();
        var waiter = lane.Spawn<bool>(body, async waits => await member.Wait(waits, null, new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.ValueOf(waiter));
        Assert.True(member.IsUntaken());
    }

    [Theory, EveryMember]
    public async Task NegativeTime_IsAnError(string name, HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var waiter = lane.Spawn<bool>(body, async waits => await member.Wait(waits, TimeSpan.FromMilliseconds(-5)));
        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => lane.ValueOf(waiter));
        Assert.Equal("timeout", error.ParamName);
        member.Grant();
        Assert.True(member.IsUntaken());
    }

    [Theory, EveryMember]
    public async Task WhereThereIsNoGreenlet_ItBlocksOrIsAwaited(string name, HubLoop loop, BodyKind body)
    {
        // Granted by a greenlet of the loop; waited for by a thread, and awaited on the pool.
        await using var lane = Waiting.Lane(loop);
        var member = Member.Make(name);
        var waiter = body == BodyKind.Blocking ? HubUnderTest.OnPlainThread(() => member.Block(null, default)) : Task.Run(() => member.Async(null, default));
        var probe = Task.WhenAny(waiter);
        Assert.False(probe.IsCompleted);
        // A grant that comes before the wait is found by it, but for a notification, which needs somebody who waits.
        while (!waiter.IsCompleted)
        {
            if (!member.IsUntaken() || name.StartsWith("GreenletCondition", StringComparison.Ordinal) || name.StartsWith("GreenletChannel", StringComparison.Ordinal))
                await lane.OnHub(() => Record.Exception(member.Grant));
        }

        Assert.True(await lane.For(waiter, "the wait"));
    }

    [Theory, EveryMember]
    public async Task WhereThereIsNoGreenlet_ItTakesATimeAndAToken(string name, HubLoop loop, BodyKind body)
    {
        Assert.True(Enum.IsDefined(loop));
        var member = Member.Make(name);
        Task<bool> Wait(TimeSpan? timeout, CancellationToken token) =>
            body == BodyKind.Blocking ? HubUnderTest.OnPlainThread(() => member.Block(timeout, token)) : Task.Run(() => member.Async(timeout, token), CancellationToken.None);
        Assert.False(await Deadline.For(Wait(TimeSpan.FromMilliseconds(1), default), "the limit"));
        using var cancel = new CancellationTokenSource();
        var waiter = Wait(null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.For(waiter, "the cancellation"));
        member.Grant();
        Assert.True(member.IsUntaken());
    }
}
