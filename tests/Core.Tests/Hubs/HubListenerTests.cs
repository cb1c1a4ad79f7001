using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

public sealed class HubListenerTests
{
    private static readonly AsyncLocal<string?> _local = new();

    [Fact]
    public async Task Wanted_None_TellsOfNothing()
    {
        var listener = new RecordingHubListener();
        await using var hub = Start(listener);

        await Deadline.For(hub.Bridge.RunAsync(() => Greenlet.Sleep(1)), "the greenlet");

        Assert.Empty(listener.Begun);
        Assert.Empty(listener.Ended);
        Assert.Empty(listener.Waits);
        Assert.Empty(listener.Segments);
    }

    [Theory]
    [InlineData(HubLoop.Threads)]
    [InlineData(HubLoop.Scheduler)]
    public async Task Greenlets_OfEachEnd_AreToldOnceWithStatusAndError(HubLoop loop)
    {
        var listener = new RecordingHubListener { WantedEvents = (int)HubEvents.Greenlets };
        await using var hub = Start(listener, loop);
        var error = new InvalidOperationException("failed");
        var never = new TaskCompletionSource();

        var completed = hub.Spawn(() => 1);
        var failed = hub.Spawn(async Task () =>
        {
            await Task.Yield();
            throw error;
        });
        var killed = hub.Spawn(() => never.Task.Wait());
        Deadline.Wait(() => killed.Status == GreenletStatus.Waiting, "the wait", hub.Snapshot().ToString);
        killed.Kill();
        foreach (var greenlet in (Greenlet[])[completed, failed, killed])
            Assert.True(greenlet.Join(Deadline.Default));

        Assert.Equal(3, listener.Ended.Count);
        Assert.Equal(listener.Begun.Select(b => b.Greenlet.Id).Order(), listener.Ended.Select(e => e.Greenlet.Id).Order());
        Assert.All(listener.Begun, begun => Assert.True(begun.Queued > TimeSpan.Zero));
        Assert.Contains(listener.Ended, e => e.Greenlet == completed && e.Status == GreenletStatus.Completed && e.Error is null);
        Assert.Contains(listener.Ended, e => e.Greenlet == failed && e.Status == GreenletStatus.Faulted && e.Error == error);
        Assert.Contains(listener.Ended, e => e.Greenlet == killed && e.Status == GreenletStatus.Killed && e.Error is GreenletExitException);
    }

    [Theory]
    [InlineData(HubLoop.Threads)]
    [InlineData(HubLoop.Scheduler)]
    public async Task Greenlets_WantedOnlyOnceTheyWereStarted_AreToldWithoutTheirTimeInTheQueue(HubLoop loop)
    {
        var listener = new RecordingHubListener();
        await using var hub = new Hub(new HubOptions { Listener = listener, Loop = loop });
        var greenlet = hub.Spawn(static () => 1);

        listener.WantedEvents = (int)(HubEvents.Greenlets | HubEvents.Waits | HubEvents.Segments);
        hub.Start();

        Assert.True(greenlet.Join(Deadline.Default));
        Assert.Equal((greenlet, TimeSpan.Zero), Assert.Single(listener.Begun));
        Assert.Equal((greenlet, GreenletStatus.Completed, null), Assert.Single(listener.Ended));
    }

    [Theory]
    [InlineData(HubLoop.Threads)]
    [InlineData(HubLoop.Scheduler)]
    public async Task OnGreenletBegun_HoweverItWasStarted_SaysHowLongItWasQueued(HubLoop loop)
    {
        var listener = new RecordingHubListener { WantedEvents = (int)HubEvents.Greenlets };
        await using var hub = Start(listener, loop);
        var profile = new WorkProfile("profiled");

        Greenlet[] started = [hub.Spawn(static () => { }), hub.SpawnLater(TimeSpan.FromMilliseconds(1), static () => { }), hub.SpawnInPlace(static () => Task.CompletedTask, profile)];
        foreach (var greenlet in started)
            Assert.True(greenlet.Join(Deadline.Default));

        Assert.Equal(started.Length, listener.Begun.Count);
        Assert.All(listener.Begun, begun => Assert.True(begun.Queued > TimeSpan.Zero, $"{begun.Greenlet}"));
    }

    [Fact]
    public async Task OnGreenletBegun_SetsAnAsyncLocal_ItsCodeSeesItAndItsSpawnerDoesNot()
    {
        var listener = new RecordingHubListener { WantedEvents = (int)HubEvents.Greenlets, OnBegun = () => _local.Value = "begun" };
        await using var hub = Start(listener);
        string? blocking = null, async = null;

        await Deadline.For(hub.Bridge.RunAsync(() => { blocking = _local.Value; }), "the blocking body");
        await Deadline.For(
            hub.Bridge.RunAsync(async () =>
            {
                await Task.Yield();
                async = _local.Value;
            }),
            "the async body");

        Assert.Equal("begun", blocking);
        Assert.Equal("begun", async);
        Assert.Null(_local.Value);
    }

    [Fact]
    public async Task OnGreenletBegun_Throws_TheGreenletRuns()
    {
        var listener = new RecordingHubListener { WantedEvents = (int)HubEvents.Greenlets, OnBegun = () => throw new InvalidOperationException("listener") };
        await using var hub = Start(listener);

        Assert.Equal(5, await Deadline.For(hub.Bridge.RunAsync(() => 5), "the greenlet"));
    }

    [Theory]
    [InlineData(HubLoop.Threads)]
    [InlineData(HubLoop.Scheduler)]
    public async Task Waits_OfEachKind_AreToldWithReasonAndDuration(HubLoop loop)
    {
        var listener = new RecordingHubListener { WantedEvents = (int)HubEvents.Waits };
        await using var hub = Start(listener, loop);
        var other = hub.Create(() => Greenlet.Sleep(5));

        await Deadline.For(hub.Bridge.RunAsync(() => Greenlet.Sleep(5)), "a hub wait");
        await Deadline.For(hub.Bridge.RunAsync(() => Later(hub).Wait()), "a runtime wait");
        var task = hub.Spawn(async () => await Later(hub));
        await Deadline.For(hub.Bridge.AsTask(task), "an await");
        var greenlet = hub.Spawn(async () => await other);
        await Deadline.For(hub.Bridge.AsTask(greenlet), "an awaited greenlet");

        var reasons = listener.Waits.Select(w => w.Reason).ToArray();
        Assert.Contains("time to pass", reasons);
        Assert.Contains(reasons, r => r.StartsWith("a wait of the runtime", StringComparison.Ordinal));
        Assert.Equal("an awaited Task", Assert.Single(listener.Waits, w => w.Greenlet == task).Reason);
        Assert.StartsWith("the end of greenlet", Assert.Single(listener.Waits, w => w.Greenlet == greenlet).Reason, StringComparison.Ordinal);
        Assert.All(listener.Waits, w => Assert.InRange(w.Duration, TimeSpan.FromTicks(1), Deadline.Default));
        Assert.Contains(listener.Waits, w => w.Reason == "time to pass" && w.Duration >= TimeSpan.FromMilliseconds(4));
    }

    [Theory]
    [InlineData(HubLoop.Threads)]
    [InlineData(HubLoop.Scheduler)]
    public async Task Segments_OfAGreenletThatWaitsTwice_AreThreeThatDoNotOverlap(HubLoop loop)
    {
        var listener = new RecordingHubListener { WantedEvents = (int)HubEvents.Segments };
        await using var hub = Start(listener, loop);

        var greenlet = hub.Spawn(() =>
        {
            Greenlet.Sleep(2);
            Later(hub).Wait();
        });
        Assert.True(greenlet.Join(Deadline.Default));
        await hub.StopAsync(TimeSpan.FromSeconds(5));

        var segments = listener.Segments.Where(s => s.Greenlet == greenlet).OrderBy(s => s.Began).ToArray();
        Assert.Equal(3, segments.Length);
        Assert.All(segments, s => Assert.True(s.Ended >= s.Began && s.Hub == hub && !s.IsDetached));
        Assert.All(segments.Zip(segments.Skip(1)), pair => Assert.True(pair.First.Ended <= pair.Second.Began));
    }

    [Fact]
    public async Task OnSegmentEnded_ItBeganInItsTurnAndLostItsHub_IsDetached()
    {
        var listener = new RecordingHubListener { WantedEvents = (int)HubEvents.Segments };
        await using var hub = new Hub(new HubOptions { Name = "listened", Listener = listener });
        hub.Start();

        // Whoever spins in this way sleeps now and then, and the watchdog takes the hub from it
        var greenlet = hub.Spawn(static () => SpinWait.SpinUntil(static () => Runner.Current!.Segment == SegmentState.Detached, Deadline.Default));

        Assert.True(await Deadline.For(hub.Bridge.AsTask(greenlet), "the segment", () => hub.Snapshot().ToString()));
        Deadline.Wait(() => !listener.Segments.IsEmpty, "its segment", () => hub.Snapshot().ToString());
        Assert.True(Assert.Single(listener.Segments, segment => segment.Greenlet == greenlet).IsDetached);
    }

    /// <summary>What a listener throws goes nowhere: a kill that broke off one of its own waits would be lost.</summary>
    [Theory]
    [InlineData(HubLoop.Threads)]
    [InlineData(HubLoop.Scheduler)]
    public async Task Kill_WhileAListenerWaits_IsThrownInTheGreenletsCode(HubLoop loop)
    {
        using var told = new ManualResetEventSlim();
        using var goesOn = new ManualResetEvent(false);
        Exception? broken = null;
        var listener = new RecordingHubListener
        {
            WantedEvents = (int)HubEvents.Greenlets,
            OnBegun = () =>
            {
                told.Set();
                broken = Record.Exception(() => goesOn.WaitOne(Deadline.Default));
            },
        };
        await using var hub = Start(listener, loop);
        var greenlet = hub.Spawn(static () => new TaskCompletionSource().Task.Wait());
        Deadline.Wait(() => told.IsSet, "the listener", hub.Snapshot().ToString);

        greenlet.Kill();
#pragma warning disable RS0030 // Real time: a kill that was not thrown is looked for again every 10 ms, and nothing tells of the look
        await Task.Delay(200, TestContext.Current.CancellationToken);
#pragma warning restore RS0030
        goesOn.Set();

        Assert.True(greenlet.Join(Deadline.Default), $"{hub.Snapshot()}");
        Assert.Null(broken);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    private static Task Later(Hub hub) => hub.Bridge.AsTask(hub.SpawnLater(TimeSpan.FromMilliseconds(5), () => { }));

    private static Hub Start(HubListener listener, HubLoop loop = HubLoop.Threads)
    {
        var hub = new Hub(new HubOptions { Name = "listened", Listener = listener, Loop = loop, BlockingPolicy = BlockingPolicy.Report });
        hub.Start();
        return hub;
    }
}
