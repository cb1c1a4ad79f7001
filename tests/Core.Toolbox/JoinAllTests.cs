namespace GreenletBridge.Core.Toolbox;

/// <summary>Waiting for many greenlets, and killing many.</summary>
public sealed class JoinAllTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, LoopsAndBodies]
    public async Task JoinAll_GivesAllInOrderOfCompletion(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var three = lane.Spawn(body, waits => waits.Sleep(_second * 3));
        var one = lane.Spawn(body, waits => waits.Sleep(_second));
        var two = lane.Spawn(body, waits => waits.Sleep(_second * 2));
        var ended = lane.Hub.Spawn(static () => { });
        await lane.For(lane.Bridge.AsTask(ended), "the one that ends before");
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 3, "they wait");
        var joiner = body == BodyKind.Async
            ? lane.Hub.Spawn(() => Greenlet.JoinAllAsync([three, one, two, ended]))
            : lane.Hub.Spawn(() => Greenlet.JoinAll([three, one, two, ended]));
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 4, "the joiner waits");
        for (var i = 0; i < 3; i++)
        {
            lane.Time.Advance(_second);
            await lane.Settle();
        }

        Assert.Equal([ended, one, two, three], await lane.For(lane.Bridge.AsTask(joiner), "the list"));
    }

    [Theory, Loops]
    public async Task JoinAll_Count_EndsWithSoMany_AndLeavesNoTrace(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Async);
        var done = lane.Hub.Spawn(static () => { });

        Assert.Equal([done], await lane.For(Greenlet.JoinAllAsync([never, done], count: 1), "one of them"));
        Assert.Equal([done], await lane.For(Greenlet.JoinAllAsync([never, done], TimeSpan.Zero, count: 9), "a look"));
        Assert.Equal(0, never.ContinuationCount());
    }

    [Theory, Loops]
    public async Task JoinAll_TimeIsUp_GivesThoseThatHaveEnded(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Blocking);
        var done = lane.Hub.Spawn(static () => { });
        await lane.Settle();
        var joiner = lane.Hub.Spawn(() => Greenlet.JoinAll([done, never], _second));
        await lane.Until(() => joiner.Status == GreenletStatus.Waiting, "the joiner waits");
        lane.Time.Advance(_second);

        Assert.Equal([done], await lane.For(lane.Bridge.AsTask(joiner), "the list"));
        Assert.Equal(0, never.ContinuationCount());
    }

    [Theory, Loops]
    public async Task JoinAll_ThrowOnError_TheFirstFailureEndsTheWait_AKillDoesNot(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Async);
        var killed = await lane.SpawnWaiting(BodyKind.Async);
        killed.Kill();
        await lane.Ended(killed);
        var failed = lane.Hub.Spawn(static () => throw new InvalidTimeZoneException());

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(Greenlet.JoinAllAsync([killed, never, failed], throwOnError: true), "the error"));
        Assert.Equal([killed, failed], await lane.For(Greenlet.JoinAllAsync([killed, failed]), "without"));
        Assert.Empty(lane.Listener.Faults);
    }

    [Theory, Loops]
    public async Task JoinAll_JoinerKilledOrCancelled_LeavesNoTrace(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Async);
        var joiner = lane.Hub.Spawn(() => { Greenlet.JoinAll([never, never]); });
        await lane.Until(() => joiner.Status == GreenletStatus.Waiting, "the joiner waits");
        joiner.Kill();
        await lane.Ended(joiner);
        Assert.Equal(GreenletStatus.Killed, joiner.Status);

        using var source = new CancellationTokenSource();
        var other = Greenlet.JoinAllAsync([never], cancellationToken: source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.For(other, "the cancellation"));
        Assert.Equal(0, never.ContinuationCount());
    }

    [Theory, Loops]
    public async Task JoinAll_OfThoseThatCannotEnd_IsAnErrorThatSaysWhich(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = lane.Hub.Create(static () => { });
        never.Name = "unborn";
        var done = lane.Hub.Spawn(static () => { });

        var error = AtOnce.Throws<HubDeadlockException>(() => Greenlet.JoinAll([done, never]));
        Assert.Contains("\"unborn\"", error.Message, StringComparison.Ordinal);
        Assert.Equal([done], await lane.For(Greenlet.JoinAllAsync([never, done], count: 1), "one can end"));
        var self = lane.Hub.Spawn(static () => { Greenlet.JoinAll([Greenlet.Current!]); });
        await Assert.ThrowsAsync<HubDeadlockException>(() => lane.For(lane.Bridge.AsTask(self), "the error"));
    }

    [Theory, Loops]
    public async Task JoinAll_BadInput_IsTheDocumentedError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var done = lane.Hub.Spawn(static () => { });
        AtOnce.Throws<ArgumentNullException>(() => Greenlet.JoinAll(null!));
        AtOnce.Throws<ArgumentException>(() => Greenlet.JoinAll([done, null!]));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => Greenlet.JoinAll([done], count: 0));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => Greenlet.JoinAll([done], TimeSpan.FromSeconds(-2)));
        Assert.Empty(Greenlet.JoinAll([]));
        AtOnce.Throws<ArgumentNullException>(() => Greenlet.KillAll(null!));
        AtOnce.Throws<ArgumentException>(() => Greenlet.KillAll([null!]));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => Greenlet.KillAll([done], timeout: TimeSpan.FromSeconds(-2)));
        Greenlet.KillAll([]);
    }

    [Theory, Loops]
    public async Task JoinAll_OnAPlainThread_BlocksIt_AcrossHubs(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        Greenlet[] all = [.. Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? lane : other).Hub.Spawn(Greenlet.Yield))];

        var ended = await lane.For(HubUnderTest.OnPlainThread(() => Greenlet.JoinAll(all)), "all ends");
        Assert.Equal(all.Length, ended.Distinct().Count());
    }

    [Theory, LoopsAndBodies]
    public async Task KillAll_KillsAndWaits_WhateverTheyDo(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var unwound = 0;
        Greenlet[] waiting = [.. Enumerable.Range(0, 5).Select(_ => lane.Spawn(body, async waits =>
        {
            try
            {
                await waits.Forever();
            }
            finally
            {
                await waits.Yield();
                unwound++;
            }
        }))];
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 5, "all wait");
        var unstarted = lane.Hub.Create(static () => { });
        var mine = new InvalidTimeZoneException();
        var later = lane.Hub.SpawnLater(TimeSpan.FromHours(1), static () => { });
        var killer = lane.Spawn(body, async waits =>
        {
            if (body == BodyKind.Async)
                await Greenlet.KillAllAsync([.. waiting, unstarted]);
            else
                Greenlet.KillAll([.. waiting, unstarted]);
            Assert.Equal(5, unwound);
            await Greenlet.KillAllAsync([later], mine);
        });
        await lane.For(lane.Bridge.AsTask(killer), "all are dead");

        Assert.All(waiting, static greenlet => Assert.Equal(GreenletStatus.Killed, greenlet.Status));
        Assert.Equal(GreenletStatus.Killed, unstarted.Status);
        Assert.Same(mine, later.Exception);
    }

    [Theory, Loops]
    public async Task KillAll_OneResists_ThrowsWhenTheTimeIsUp_UnlikeKill(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var stubborn = lane.Hub.Spawn(async () =>
        {
            using (Greenlet.Shield())
            {
                begun.SetResult();
                await gate.Task;
            }
        });
        await lane.For(begun.Task, "it shields itself");
        var killer = lane.Hub.Spawn(() => Greenlet.KillAll([stubborn], timeout: _second));
        await lane.Until(() => killer.Status == GreenletStatus.Waiting, "the killer waits");
        lane.Time.Advance(_second);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => lane.For(lane.Bridge.AsTask(killer), "the error"));
        Assert.Contains("1 of 1", error.Message, StringComparison.Ordinal);
        Assert.False(stubborn.Kill(null, TimeSpan.Zero));
        gate.SetResult();
        await lane.Ended(stubborn);
    }

    [Theory, Loops]
    public async Task JoinAll_ItselfAmongThem_SaysWhyItNeverEnds(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(static () => AtOnce.Throws<HubDeadlockException>(static () => Greenlet.JoinAll([Greenlet.Current!])).Message);

        Assert.Contains("waits for itself", await lane.For(lane.Bridge.AsTask(greenlet), "the error"), StringComparison.Ordinal);
        Assert.Contains("was never started", AtOnce.Throws<HubDeadlockException>(() => Greenlet.JoinAll([lane.Hub.Create(static () => { })])).Message, StringComparison.Ordinal);
    }

    [Theory, Loops]
    public async Task KillAll_TheCallerIsAmongThem_ItIsKilledLast(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var waiting = await lane.SpawnWaiting(BodyKind.Async);
        var killer = lane.Hub.Spawn(() => Greenlet.KillAll([Greenlet.Current!, waiting]));

        await lane.Ended(killer);
        await lane.Ended(waiting);
        Assert.Equal(GreenletStatus.Killed, killer.Status);
        Assert.Equal(GreenletStatus.Killed, waiting.Status);
    }
}
