namespace GreenletBridge.Core.Conformance.FinePoints;

/// <summary>Links, and what a greenlet says of itself.</summary>
public sealed class LinkTests
{
    [Theory, LoopsAndBodies]
    public async Task Links_AreCalledOnceInOrderInGreenletsOfTheirOwn(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var good = lane.Spawn(body, async waits =>
        {
            await waits.For(gate.Task);
            return 1;
        });
        var bad = lane.Spawn(body, async waits =>
        {
            await waits.For(gate.Task);
            throw new InvalidTimeZoneException();
        });
        var killed = await lane.SpawnWaiting(body);
        var calls = new List<string>();
        var called = 0;
        void Note(string call)
        {
            calls.Add(call);
            Interlocked.Increment(ref called);
        }

        Greenlet[] all = [good, bad, killed];
        foreach (var (greenlet, name) in all.Zip(["good", "bad", "killed"]))
        {
            greenlet.Link(g =>
            {
                Assert.Same(greenlet, g);
                Assert.NotSame(greenlet, Greenlet.Current);
                // It may wait.
                Greenlet.Yield();
                Note($"{name} ended");
            });
            greenlet.LinkValue(_ => Note($"{name} value"));
            greenlet.LinkException(_ => Note($"{name} exception"));
            Action<Greenlet> removed = _ => Note("removed");
            greenlet.Link(removed);
            Assert.True(greenlet.Unlink(removed));
            Assert.False(greenlet.Unlink(removed));
        }

        gate.SetResult();
        killed.Kill();
        foreach (var greenlet in all)
            await lane.Ended(greenlet);
        await lane.Until(() => Volatile.Read(ref called) == 6, "the links have run");

        Assert.Equal(["bad ended", "bad exception", "good ended", "good value", "killed ended", "killed value"], calls.Order(StringComparer.Ordinal));
        var late = new TaskCompletionSource<Greenlet>(TaskCreationOptions.RunContinuationsAsynchronously);
        good.Link(late.SetResult);
        Assert.Same(good, await lane.For(late.Task, "a late link"));
        Assert.False(good.Unlink(late.SetResult));
    }

    [Theory, Loops]
    public async Task Links_OfWhatAStoppingHubKills_AreStillCalled(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = await lane.SpawnWaiting(BodyKind.Async);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        greenlet.Link(_ => called.SetResult());
        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the stop");

        await lane.For(called.Task, "the link");
    }

    [Theory, LoopsAndBodies]
    public async Task States_OfALife_AreTold(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var states = new List<GreenletStatus>();
        var gate = new TaskCompletionSource();
        Greenlet<int> greenlet = null!;
        greenlet = lane.Create(body, async waits =>
        {
            states.Add(greenlet.Status);
            Assert.Same(greenlet, Greenlet.Current);
            await waits.For(gate.Task);
            states.Add(greenlet.Status);
            return 1;
        });
        greenlet.Name = "life";
        states.Add(greenlet.Status);
        Assert.Null(greenlet.Value);
        greenlet.Start();
        states.Add(greenlet.Status);
        lane.Hub.Start();
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        Assert.Contains("life", lane.Snapshot(), StringComparison.Ordinal);
        Assert.Contains("(Waiting)", greenlet.ToString(), StringComparison.Ordinal);
        Assert.Null(greenlet.Exception);
        Assert.False(greenlet.IsReady);
        gate.SetResult();
        await lane.Ended(greenlet);
        states.Add(greenlet.Status);

        Assert.Equal([GreenletStatus.Created, GreenletStatus.Scheduled, GreenletStatus.Running, GreenletStatus.Running, GreenletStatus.Completed], states);
        Assert.True(greenlet.IsSuccessful);
        Assert.Equal(1, greenlet.Value);
        Assert.Equal(1, greenlet.Get());
        Assert.Equal(1, greenlet.Get(TimeSpan.Zero));
        greenlet.Start();
        greenlet.StartLater(TimeSpan.Zero);
        Assert.Equal(GreenletStatus.Completed, greenlet.Status);
        Assert.Same(lane.Hub, greenlet.Hub);
        var next = lane.Hub.Create(static () => { });
        Assert.True(next.Id > greenlet.Id);
        Assert.Null(next.Value);
    }

    [Theory, Loops]
    public async Task Waits_WithTimeoutOrToken_EndWithoutTheGreenlet(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var never = await lane.SpawnWaiting(BodyKind.Async);

        Assert.False(never.Join(TimeSpan.FromMilliseconds(1)));
        Assert.Throws<TimeoutException>(() => never.Get(TimeSpan.FromMilliseconds(1)));
        Assert.Throws<TimeoutException>(() => ((Greenlet)never).Get(TimeSpan.Zero));
        var waits = lane.Hub.Spawn(async () =>
        {
            var timedOut = await never.JoinAsync(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never.JoinAsync(cancellationToken: source.Token));
            Assert.ThrowsAny<OperationCanceledException>(() => never.Join(cancellationToken: source.Token));
            Assert.ThrowsAny<OperationCanceledException>(() => never.Get(cancellationToken: source.Token));
            return timedOut;
        });
        await lane.Until(() => lane.Time.TimerCount > 0, "the timer");
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await source.CancelAsync();

        Assert.False(await lane.For(lane.Bridge.AsTask(waits), "the waits"));
        Assert.False(never.IsReady);
    }
}
