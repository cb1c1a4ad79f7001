using System.Collections.Concurrent;
using System.Diagnostics;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>Start, stop, dispose.</summary>
public sealed class HubLifetimeTests : HubTests
{
    private static readonly TimeSpan _longDrain = TimeSpan.FromMinutes(2);

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task StopAsync_WorkEndsInTime_LetsItEnd(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var gate = new ManualResetEventSlim();
        var parked = hub.Spawn(gate.Wait);
        var awaiting = hub.Spawn(async () =>
        {
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(10));
            // Begun work may spawn while the hub drains.
            await hub.Spawn(static () => Greenlet.Yield());
        });
        Waits(parked);

        var stop = hub.StopAsync(_longDrain);
        Assert.False(hub.IsRunning);
        Assert.False(stop.IsCompleted);
        gate.Set();

        await Deadline.For(stop, "the stop", () => hub.Snapshot().ToString());
        Assert.Equal(GreenletStatus.Completed, parked.Status);
        Assert.Equal(GreenletStatus.Completed, awaiting.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task StopAsync_TimeToDrainIsOver_KillsWhatWaits(HubLoop loop)
    {
        var listener = new StopListener();
        var hub = StartHub(loop, options => options.Listener = listener);
        var cleaned = 0;
        var greenlets = new[]
        {
            hub.Spawn(() => Cleaning(static () => Greenlet.Sleep(Timeout.Infinite))),
            hub.Spawn(() => Cleaning(static () => new ManualResetEventSlim().Wait())),
            hub.Spawn(async () => await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan)),
        };
        Array.ForEach(greenlets, static greenlet => Waits(greenlet));

        await Deadline.For(hub.StopAsync(TimeSpan.FromMilliseconds(20)), "the stop", () => hub.Snapshot().ToString());

        Assert.All(greenlets, static greenlet => Assert.Equal(GreenletStatus.Killed, greenlet.Status));
        Assert.Equal(2, cleaned);
        Assert.Equal(3, listener.Stopping);
        Assert.Equal(0, listener.LeftBehind);
        Assert.Equal(greenlets.Order(_byId), listener.Killed.Order(_byId));

        void Cleaning(Action body)
        {
            try
            {
                body();
            }
            finally
            {
                Greenlet.Yield();
                Interlocked.Increment(ref cleaned);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task StopAsync_WorkThatHasNotBegun_IsKilledWhenTheTimeIsOver(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var begun = new ManualResetEventSlim();
        var release = false;
        var busy = hub.Spawn(() =>
        {
            begun.Set();
            Computes(() => Volatile.Read(ref release));
        });
        Comes(begun, "the busy greenlet", hub);
        var ran = false;
        var waiting = hub.Spawn(() => ran = true);

        var stop = hub.StopAsync(TimeSpan.Zero);
        await Deadline.Until(() => hub.KillsAll, "the time to drain to end");
        Volatile.Write(ref release, true);
        await Deadline.For(stop, "the stop", () => hub.Snapshot().ToString());

        Ends(waiting);
        Ends(busy);
        Assert.Equal(GreenletStatus.Killed, waiting.Status);
        Assert.False(ran);
    }

    [Fact]
    public async Task StopAsync_GreenletResistsItsKill_IsLeftBehindAndReported()
    {
        LeavesGreenletsBehind = true;
        var listener = new StopListener();
        var hub = StartHub(configure: options => options.Listener = listener);
        var release = new TaskCompletionSource();
        var stubborn = hub.Spawn(() =>
        {
            while (!release.Task.IsCompleted)
            {
                try
                {
                    release.Task.Wait();
                }
                catch (GreenletExitException)
                {
                    // It resists.
                }
            }
        });
        Waits(stubborn);
        var started = Stopwatch.GetTimestamp();

        await Deadline.For(hub.StopAsync(TimeSpan.Zero), "the stop", () => hub.Snapshot().ToString());

        // It gets two seconds for its finally blocks, and not the deadline of this test.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(1.9), Deadline.Default);
        Assert.Equal(1, listener.LeftBehind);
        Assert.False(stubborn.IsReady);
        // It goes on all the same.
        release.SetResult();
        Ends(stubborn);
        Assert.Equal(GreenletStatus.Completed, stubborn.Status);
    }

    [Fact]
    public async Task StopAsync_TokenIsCancelled_CutsTheDrainShort()
    {
        var hub = StartHub();
        var greenlet = hub.Spawn(static () => Greenlet.Sleep(Timeout.Infinite));
        Waits(greenlet);
        using var source = new CancellationTokenSource();
        var stop = hub.StopAsync(_longDrain, source.Token);
        Assert.False(stop.IsCompleted);

        await source.CancelAsync();

        await Deadline.For(stop, "the stop", () => hub.Snapshot().ToString());
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task StopAsync_AWaitWasBegunAndForgotten_NoThreadWatchesTheTimeForIt(HubLoop loop)
    {
        var pool = NewPool();
        var hub = StartHub(loop, options => options.Carriers = pool);
        var released = new TaskCompletionSource();
        var forgetful = hub.Spawn(static () => { _ = Greenlet.SleepAsync(TimeSpan.FromHours(1)); });
        var resisting = hub.Spawn(() =>
        {
            using (Greenlet.Shield())
                Greenlet.Await(released.Task);
            _ = Greenlet.SleepAsync(TimeSpan.FromHours(1));
        });
        Ends(forgetful);

        // Two are looked at: what is forgotten before the stop, and what somebody who is left behind forgets afterwards
        await Deadline.For(hub.StopAsync(TimeSpan.Zero), "the stop", () => hub.Snapshot().ToString());
        released.SetResult();
        Ends(resisting);

        await Deadline.Until(() => pool.Busy == 0, "every carrier to be given back", () => hub.Snapshot().ToString());
    }

    [Fact]
    public async Task StopAsync_SecondCall_EndsWithTheFirst()
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim();
        var greenlet = hub.Spawn(gate.Wait);
        Waits(greenlet);

        var first = hub.StopAsync(_longDrain);
        var second = hub.StopAsync(TimeSpan.Zero);
        Assert.False(second.IsCompleted);
        gate.Set();

        await Deadline.For(Task.WhenAll(first, second, hub.StopAsync(_longDrain)), "the stops", () => hub.Snapshot().ToString());
        Assert.Equal(GreenletStatus.Completed, greenlet.Status);
        await hub.DisposeAsync();
        hub.Dispose();
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task Spawn_AfterTheStop_Throws(HubLoop loop)
    {
        var hub = StartHub(loop);
        var created = hub.Create(static () => { });
        var later = hub.SpawnLater(TimeSpan.FromHours(1), static () => { });
        await Deadline.For(hub.StopAsync(_longDrain), "the stop", () => hub.Snapshot().ToString());

        Assert.Contains("has stopped", Assert.Throws<HubStoppedException>(() => hub.Spawn(static () => { })).Message, StringComparison.Ordinal);
        Assert.Throws<HubStoppedException>(() => hub.Spawn(static () => Task.CompletedTask));
        Assert.Throws<HubStoppedException>(() => hub.SpawnLater(TimeSpan.Zero, static () => { }));
        Assert.Throws<HubStoppedException>(created.Start);
        Assert.Throws<HubStoppedException>(hub.Start);
        Assert.Throws<HubStoppedException>(() => hub.Run(static () => { }));
        Ends(later);
        Assert.Equal(GreenletStatus.Killed, later.Status);
    }

    [Fact]
    public async Task Spawn_WhileTheHubDrains_IsRefusedFromOutside()
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim();
        var greenlet = hub.Spawn(gate.Wait);
        Waits(greenlet);
        var stop = hub.StopAsync(_longDrain);

        Assert.Contains("stops", Assert.Throws<HubStoppedException>(() => hub.Spawn(static () => { })).Message, StringComparison.Ordinal);

        gate.Set();
        await Deadline.For(stop, "the stop", () => hub.Snapshot().ToString());
    }

    [Fact]
    public async Task StopAsync_NeverStarted_EndsWhatWasSpawned()
    {
        var hub = NewHub();
        var greenlet = hub.Spawn(static () => { });

        await Deadline.For(hub.StopAsync(_longDrain), "the stop", () => hub.Snapshot().ToString());

        Assert.True(greenlet.IsReady);
    }

    [Fact]
    public async Task StopAsync_NegativeTime_IsRefused()
    {
        var hub = StartHub();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => hub.StopAsync(TimeSpan.FromTicks(-1)));

        Assert.True(hub.IsRunning);
    }

    [Fact]
    public async Task StopAsync_RacesWithStart_Ends()
    {
        for (var round = 0; round < 200; round++)
        {
            var hub = NewHub(configure: static options => options.Carriers = CarrierPool.Shared);
            using var meet = new Barrier(2);
            var start = Task.Run(() =>
            {
                meet.SignalAndWait();
                try
                {
                    hub.Start();
                }
                catch (HubStoppedException)
                {
                    // The stop came first.
                }
            });
            var stop = Task.Run(async () =>
            {
                meet.SignalAndWait();
                await hub.StopAsync(TimeSpan.Zero);
            });
            await Deadline.For(Task.WhenAll(start, stop), $"round {round}", () => hub.Snapshot().ToString());
        }
    }

    [Fact]
    public void Dispose_OnItsOwnGreenlet_OnlyBegins()
    {
        var hub = StartHub();

        var greenlet = hub.Spawn(() =>
        {
            hub.Dispose();
            return true;
        });

        Ends(greenlet);
        Assert.True(greenlet.Status is GreenletStatus.Completed or GreenletStatus.Killed);
    }

    [Fact]
    public async Task Group_Stop_EndsEveryHubAndRefusesWork()
    {
        var group = StartGroup(3);
        using var gate = new ManualResetEventSlim();
        var greenlets = Enumerable.Range(0, 12).Select(_ => group.Spawn(gate.Wait)).ToArray();
        await Deadline.Until(() => group.Hubs.Sum(static hub => hub.Snapshot().Waiting) == 12, "twelve parked greenlets");
        var stop = group.StopAsync(_longDrain);
        Assert.Throws<HubStoppedException>(() => group.Spawn(static () => { }));
        gate.Set();

        await Deadline.For(stop, "the stop");

        Assert.All(greenlets, static greenlet => Assert.Equal(GreenletStatus.Completed, greenlet.Status));
        await group.DisposeAsync();
    }

    private static readonly Comparer<Greenlet> _byId = Comparer<Greenlet>.Create(static (a, b) => a.Id.CompareTo(b.Id));

    private sealed class StopListener : HubListener
    {
        internal int Stopping { get; private set; } = -1;

        internal int LeftBehind { get; private set; } = -1;

        internal ConcurrentQueue<Greenlet> Killed { get; } = new();

        public override void OnHubStopping(Hub hub, int running) => Stopping = running;

        public override void OnGreenletKilledAtStop(Greenlet greenlet) => Killed.Enqueue(greenlet);

        public override void OnHubStopped(Hub hub, int leftBehind) => LeftBehind = leftBehind;
    }
}
