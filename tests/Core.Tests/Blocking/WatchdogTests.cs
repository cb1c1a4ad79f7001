using System.Diagnostics;
using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

#pragma warning disable RS0030 // Thread.Sleep is the call under test, without end until the test ends it.

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>What the watchdog does about those who hold a hub where the wait hook is not called.</summary>
public sealed class WatchdogTests : HubTests
{
    private static TaskCompletionSource? _gate;
    private readonly BlockageListener _listener = new();

    /// <summary>Calls that the hook is not called for: each blocks until what is returned is called.</summary>
    public static TheoryData<string> Unseen { get; } = ["Thread.Sleep", "Socket.Receive", "Socket.Accept", "anonymous pipe", "SpinWait.SpinUntil", "SignalAndWait"];

    [Theory]
    [MemberData(nameof(Unseen))]
    public void HandOff_HolderBlocksUnseen_OthersRunMeanwhile(string call)
    {
        using var scene = UnseenCall(call);
        var hub = StartHub(configure: options => options.Listener = _listener);
        var blocker = hub.Spawn(scene.Block);
        var other = hub.Spawn(static () => Greenlet.Current!.Id);

        Assert.Equal(other.Id, Gives(other));
        Assert.False(blocker.IsReady);
        scene.End!();
        Ends(blocker);

        Deadline.Wait(() => !_listener.Ended.IsEmpty, "the report of the end");
        var blockage = Assert.Single(_listener.Detected);
        Assert.Same(blockage, Assert.Single(_listener.Ended));
        Assert.Same(blocker, blockage.Greenlet);
        Assert.Same(hub, blockage.Hub);
        Assert.Equal(BlockageKind.Unseen, blockage.Kind);
        Assert.True(blockage.IsHandedOff);
        Assert.True(blockage.HasEnded);
        Assert.Contains(nameof(UnseenCall), blockage.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void Blockage_ThatLasts_TellsHowLongSoFar_AndThenHowLongItTook()
    {
        using var scene = UnseenCall("Thread.Sleep");
        var hub = StartHub(configure: options => options.Listener = _listener);
        var blocker = hub.Spawn(scene.Block);
        Deadline.Wait(() => !_listener.Detected.IsEmpty, "the report", () => hub.Snapshot().ToString());
        var blockage = Assert.Single(_listener.Detected);

        var first = blockage.Duration;
        Deadline.Wait(() => blockage.Duration > first, "it to last");
        Assert.False(blockage.HasEnded);
        Assert.Null(blockage.Place);
        scene.End!();
        Ends(blocker);

        Deadline.Wait(() => !_listener.Ended.IsEmpty, "the report of the end");
        Assert.True(blockage.HasEnded);
        Assert.True(blockage.Duration > first);
        Assert.Equal(blockage.Duration, blockage.Duration);
    }

    [Fact]
    public void HandOff_OnTheScheduler_OthersRunMeanwhile()
    {
        using var release = new ManualResetEventSlim();
        var hub = StartHub(HubLoop.Scheduler, options => options.Listener = _listener);
        // Async code runs on a thread of the scheduler's, which no kill can wake.
        var blocker = hub.Spawn(() =>
        {
            SpinWait.SpinUntil(() => release.IsSet, Deadline.Default);
            return Task.CompletedTask;
        });
        var other = hub.Spawn(static () => 1);

        Assert.Equal(1, Gives(other));
        Assert.False(blocker.IsReady);
        // Told after the baton has gone on
        Deadline.Wait(() => !_listener.Detected.IsEmpty, "the report", () => hub.Snapshot().ToString());
        release.Set();
        Succeeds(blocker);
        Assert.True(Assert.Single(_listener.Detected).IsHandedOff);
    }

    [Fact]
    public void HandOff_TheBlockerWaitsNext_TakesItsTurnAgain()
    {
        var hub = StartHub();
        var after = SegmentState.InHub;
        var wasDetached = false;
        var blocker = hub.Spawn(() =>
        {
            SpinWait.SpinUntil(() => Runner.Current!.Segment == SegmentState.Detached, Deadline.Default);
            wasDetached = Runner.Current!.Segment == SegmentState.Detached;
            Greenlet.Yield();
            after = Runner.Current!.Segment;
        });
        Succeeds(blocker);

        Assert.True(wasDetached);
        Assert.Equal(SegmentState.Running, after);
    }

    [Fact]
    public void HandOff_HolderComputesForLong_IsReportedAndOthersRun()
    {
        var release = false;
        var hub = StartHub(configure: options =>
        {
            options.Listener = _listener;
            options.MaxBlockingTime = TimeSpan.FromMilliseconds(20);
            // Without the kernel's word: to it who computes sleeps now and then, in the compiler or for a page
            options.Watchdog = new Watchdog(new ThreadProbe("/nowhere"));
        });
        var busy = hub.Spawn(() =>
        {
            Computes(() => Volatile.Read(ref release));
            Greenlet.Yield();
        });
        var other = hub.Spawn(static () => 1);

        Assert.Equal(1, Gives(other));
        Assert.False(busy.IsReady);
        Volatile.Write(ref release, true);
        Succeeds(busy);

        Deadline.Wait(() => !_listener.Ended.IsEmpty, "the report of the end");
        var blockage = Assert.Single(_listener.Ended);
        Assert.Equal(BlockageKind.Computing, blockage.Kind);
        Assert.True(blockage.IsHandedOff);
        Assert.True(blockage.Duration >= TimeSpan.FromMilliseconds(20), $"{blockage.Duration}");
        // It came to a wait in its own code, so it could say where it was.
        Assert.Contains(nameof(HandOff_HolderComputesForLong_IsReportedAndOthersRun), blockage.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void HandOff_ComputesForLessThanTheLimit_KeepsTheHub()
    {
        var watchdog = new Watchdog(hasThread: false);
        var release = false;
        var hub = StartHub(configure: options =>
        {
            options.Listener = _listener;
            options.Watchdog = watchdog;
        });
        var busy = hub.Spawn(() => Computes(() => Volatile.Read(ref release)));
        Deadline.Wait(() => busy.Status == GreenletStatus.Running, "the busy one");
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < 50; i++)
            Assert.True(watchdog.Look(now + (i * Stopwatch.Frequency / 500)));

        Volatile.Write(ref release, true);
        Succeeds(busy);
        Assert.Empty(_listener.Detected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Report_HolderBlocksUnseen_IsReportedOnceAndKeepsTheHub(bool exclusive)
    {
        // Whoever spins, and sleeps in between, may be found computing.
        using var scene = UnseenCall("anonymous pipe");
        var hub = StartHub(configure: options =>
        {
            options.Listener = _listener;
            options.Exclusive = exclusive;
            options.StrictExclusive = exclusive;
            options.BlockingPolicy = BlockingPolicy.Report;
            options.MaxBlockingTime = TimeSpan.FromMilliseconds(20);
        });
        var otherRan = false;
        var seen = true;
        var blocker = hub.Spawn(() =>
        {
            scene.Block();
            seen = otherRan;
        });
        var other = hub.Spawn(() => otherRan = true);
        Deadline.Wait(() => !_listener.Detected.IsEmpty, "the report", () => hub.Snapshot().ToString());
        scene.End!();
        Succeeds(blocker, other);

        Assert.False(seen);
        Deadline.Wait(() => !_listener.Ended.IsEmpty, "the report of the end");
        var blockage = Assert.Single(_listener.Detected);
        Assert.Equal(!exclusive, blockage.IsHandedOff);
        Assert.Same(blockage, Assert.Single(_listener.Ended));
    }

    [Fact]
    public void Exclusive_BlockerWaitsForOneThatHasBegun_TheHubIsLentToIt()
    {
        var hub = StartExclusive(configure: options =>
        {
            options.Listener = _listener;
            options.MaxBlockingTime = TimeSpan.FromMilliseconds(20);
        });
        var unbegunRan = false;
        var initialized = false;
        _gate = new TaskCompletionSource();
        // Inside the type's initializer it waits where the hub sees it; the next one wants the type and waits where nobody does.
        var first = hub.Spawn(() => Waiting.Value);
        Waits(first);
        Greenlet? unbegun = null;
        var second = hub.Spawn(() =>
        {
            unbegun = hub.Spawn(() => unbegunRan = true);
            _gate.SetResult();
            _ = Waiting.Value;
            initialized = !Volatile.Read(ref unbegunRan);
        });

        Succeeds(second);
        Assert.Equal(1, Gives(first));
        Succeeds(unbegun!);
        Assert.True(initialized, "What had not begun ran although the hub was lent.");
        // On a machine under load the first one may be found computing, too.
        Deadline.Wait(() => _listener.Detected.Any(blockage => blockage.Greenlet == second && blockage is { IsHandedOff: true, Kind: BlockageKind.Unseen }), "the report");
    }

    [Fact]
    public void Exclusive_BlockerWasFoundComputingBefore_TheHubIsLentAllTheSame()
    {
        var hub = StartExclusive(configure: options =>
        {
            options.Listener = _listener;
            options.MaxBlockingTime = TimeSpan.FromMilliseconds(20);
        });
        _gate = new TaskCompletionSource();
        var first = hub.Spawn(() => WaitingToo.Value);
        Waits(first);
        Greenlet? second = null;
        second = hub.Spawn(() =>
        {
            Computes(() => _listener.Detected.Any(blockage => blockage.Greenlet == Volatile.Read(ref second)));
            _gate.SetResult();
            return WaitingToo.Value;
        });

        Succeeds(second);
        Succeeds(first);
        Assert.Contains(_listener.Detected, blockage => blockage.Greenlet == second && blockage is { IsHandedOff: false, Kind: BlockageKind.Computing });
    }

    [Fact]
    public void Look_NotTwiceAMillisecondApart_TellsNothing()
    {
        var (watchdog, hub, blocker, release, now) = Blocked();
        var millisecond = Stopwatch.Frequency / 1_000;
        watchdog.Look(now + (millisecond / 2));
        watchdog.Look(now + millisecond - 1);
        Assert.Equal(0, hub.Blockages);

        watchdog.Look(now + millisecond);
        Assert.Equal(1, hub.Blockages);
        release.Dispose();
        Ends(blocker);
    }

    [Fact]
    public void Look_TheWatchdogWasHeldUp_LooksAgainFirst()
    {
        var (watchdog, hub, blocker, release, now) = Blocked();
        watchdog.Look(now + Stopwatch.Frequency);
        Assert.Equal(0, hub.Blockages);

        watchdog.Look(now + Stopwatch.Frequency + (Stopwatch.Frequency / 500));
        Assert.Equal(1, hub.Blockages);
        release.Dispose();
        Ends(blocker);
    }

    [Fact]
    public void Look_ACollectionCameBetween_LooksAgainFirst()
    {
        var (watchdog, hub, blocker, release, now) = Blocked();
        GC.Collect();
        watchdog.Look(now + (Stopwatch.Frequency / 500));
        Assert.Equal(0, hub.Blockages);

        // Other tests collect too.
        for (var i = 2; hub.Blockages == 0 && i < 10_000; i++)
            watchdog.Look(now + (i * Stopwatch.Frequency / 500));
        Assert.Equal(1, hub.Blockages);
        release.Dispose();
        Ends(blocker);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Look_AKindOfWorkComputes_IsReportedButInItsFirstRun(bool hasRun)
    {
        var watchdog = new Watchdog(hasThread: false);
        var hub = StartHub(configure: options =>
        {
            options.Watchdog = watchdog;
            options.Listener = _listener;
            options.MaxBlockingTime = TimeSpan.FromMilliseconds(100);
        });
        var profile = new WorkProfile("GET /computes");
        if (hasRun)
            Ends(hub.SpawnInPlace(static () => Task.CompletedTask, profile));
        var end = 0;
        using var begun = new ManualResetEventSlim();
        var greenlet = hub.SpawnInPlace(
            () =>
            {
                begun.Set();
                Computes(() => Volatile.Read(ref end) != 0);
                return Task.CompletedTask;
            },
            profile);
        Comes(begun, "the greenlet", hub);

        // The time of the looks is the test's: a minute, in which collections may make some of them void
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < 30_000 && _listener.Detected.IsEmpty; i++)
            watchdog.Look(now + (i * Stopwatch.Frequency / 500));
        Volatile.Write(ref end, 1);
        Ends(greenlet);

        Assert.Equal(hasRun ? 1 : 0, _listener.Detected.Count);
        Assert.All(_listener.Detected, static blockage => Assert.Equal((BlockageKind.Computing, "GET /computes"), (blockage.Kind, blockage.Key)));
    }

    [Fact]
    public void Look_NothingRuns_SaysSo()
    {
        var watchdog = new Watchdog(hasThread: false);
        var hub = StartHub(configure: options => options.Watchdog = watchdog);
        Deadline.Wait(() => !watchdog.Look(Stopwatch.GetTimestamp()), "the hub to be idle", () => hub.Snapshot().ToString());
    }

    [Fact]
    public void Add_MachineWithoutTheKernelsWord_SaysSoOnceAndSeesSleeps()
    {
        var watchdog = new Watchdog(new ThreadProbe("/nowhere"));
        void Configure(HubOptions options)
        {
            options.Listener = _listener;
            options.Watchdog = watchdog;
        }

        var hub = StartHub(configure: Configure);
        StartHub(configure: Configure);
        Assert.Same(hub, Assert.Single(_listener.Limited));

        using var scene = UnseenCall("Thread.Sleep");
        var blocker = hub.Spawn(scene.Block);
        Succeeds(hub.Spawn(static () => { }));
        Assert.False(blocker.IsReady);
        scene.End!();
        Ends(blocker);
    }

    [Fact]
    public void Kill_SleeperThatWasHandedOff_EndsIt()
    {
        var hub = StartHub();
        var cleaned = false;
        var blocker = hub.Spawn(() =>
        {
            try
            {
                Thread.Sleep(Timeout.Infinite);
            }
            finally
            {
                cleaned = true;
            }
        });
        Succeeds(hub.Spawn(static () => { }));

        Assert.True(blocker.Kill(null, Deadline.Default));
        Assert.Equal(GreenletStatus.Killed, blocker.Status);
        Assert.True(cleaned);
    }

    [Fact]
    public async Task StopAsync_SleeperThatNeverWaited_IsKilled()
    {
        var hub = StartHub();
        var blocker = hub.Spawn(static () => Thread.Sleep(Timeout.Infinite));
        Succeeds(hub.Spawn(static () => { }));

        await Deadline.For(hub.StopAsync(TimeSpan.Zero), "the stop", () => hub.Snapshot().ToString());
        Assert.Equal(GreenletStatus.Killed, blocker.Status);
    }

    [Fact]
    public void HandOff_MethodKeepsBlocking_BeginsBesideTheOthersInTheEnd()
    {
        var hub = StartHub(configure: options => options.Listener = _listener);
        using var release = new ManualResetEventSlim();
        // From one place in the source, as a handler would be.
        Greenlet SpawnBlocker() => hub.Spawn(() => SpinWait.SpinUntil(() => release.IsSet, Deadline.Default));
        var blockers = new List<Greenlet>();
        while (hub.Snapshot().KnownBlockers.Count == 0)
        {
            Assert.True(blockers.Count < 10, "It was not learned.");
            blockers.Add(SpawnBlocker());
            Succeeds(hub.Spawn(static () => { }));
        }

        var found = _listener.Detected.Count;
        var known = Assert.Single(hub.Snapshot().KnownBlockers);
        Assert.Equal(_listener.Detected.First().Key, known.Key);
        Assert.InRange(known.Detections, 2, 10);
        Assert.InRange(known.KnownFor, TimeSpan.Zero, Deadline.Default);
        Assert.Contains($"  blocks unseen: {known.Key}, known for ", hub.Snapshot().ToString(), StringComparison.Ordinal);
        for (var i = 0; i < 20; i++)
            blockers.Add(SpawnBlocker());
        Succeeds(hub.Spawn(static () => { }));
        release.Set();
        Succeeds(blockers);

        // One a second takes its turn, to see whether it still blocks; the machine may be slow.
        Assert.True(_listener.Detected.Count < found + 10, $"{_listener.Detected.Count - found} of 20 were found one by one.");
        Assert.All(_listener.Ended, blockage => Assert.Equal(BlockageKind.Unseen, blockage.Kind));
    }

    /// <summary>A sleeper at which the watchdog has looked once.</summary>
    private (Watchdog Watchdog, Hub Hub, Greenlet Blocker, IDisposable Release, long LookedAt) Blocked()
    {
        var watchdog = new Watchdog(hasThread: false);
        var hub = StartHub(configure: options => options.Watchdog = watchdog);
        var scene = UnseenCall("Thread.Sleep");
        var blocker = hub.Spawn(scene.Block);
        Deadline.Wait(
            () => hub.Dispatcher.Holder is { Segment: SegmentState.Running } holder && (holder.Thread.ThreadState & System.Threading.ThreadState.WaitSleepJoin) != 0,
            "the sleep",
            () => hub.Snapshot().ToString());
        var now = Stopwatch.GetTimestamp();
        watchdog.Look(now);
        return (watchdog, hub, blocker, new Ender(scene), now);
    }

    private static BlockingScene UnseenCall(string name)
    {
        switch (name)
        {
            case "Thread.Sleep":
                Thread? sleeper = null;
                return new BlockingScene
                {
                    Block = () =>
                    {
                        Volatile.Write(ref sleeper, Thread.CurrentThread);
                        try
                        {
                            Thread.Sleep(Timeout.Infinite);
                        }
                        catch (ThreadInterruptedException)
                        {
                            // How the test ends it.
                        }
                    },
                    End = () => Volatile.Read(ref sleeper)!.Interrupt(),
                };
            case "Socket.Receive":
            {
                var (near, far) = Sockets();
                var scene = new BlockingScene { Block = () => near.Receive(new byte[1]), End = () => far.Send([1]) };
                scene.Own(near);
                scene.Own(far);
                return scene;
            }

            case "Socket.Accept":
            {
                var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                listener.Listen();
                var scene = new BlockingScene
                {
                    Block = () => listener.Accept().Dispose(),
                    End = () =>
                    {
                        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
                        client.Connect(listener.LocalEndPoint!);
                    },
                };
                scene.Own(listener);
                return scene;
            }

            case "anonymous pipe":
            {
                var server = new AnonymousPipeServerStream(PipeDirection.Out);
                var client = new AnonymousPipeClientStream(PipeDirection.In, server.ClientSafePipeHandle);
                var scene = new BlockingScene { Block = () => client.ReadByte(), End = () => server.WriteByte(1) };
                scene.Own(client);
                scene.Own(server);
                return scene;
            }

            case "SpinWait.SpinUntil":
            {
                var done = false;
                return new BlockingScene
                {
                    Block = () => SpinWait.SpinUntil(() => Volatile.Read(ref done), Deadline.Default),
                    End = () => Volatile.Write(ref done, true),
                };
            }

            default:
            {
                var signal = new ManualResetEvent(false);
                var wait = new ManualResetEvent(false);
                var scene = new BlockingScene { Block = () => WaitHandle.SignalAndWait(signal, wait), End = () => wait.Set() };
                scene.Own(signal);
                scene.Own(wait);
                return scene;
            }
        }
    }

    private static (Socket Near, Socket Far) Sockets()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var near = new Socket(SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndPoint!);
        return (near, listener.Accept());
    }

    private sealed class Ender(BlockingScene scene) : IDisposable
    {
        public void Dispose()
        {
            scene.End!();
            scene.Dispose();
        }
    }

    private static class Waiting
    {
        static Waiting() => _gate!.Task.Wait();

        public static int Value { get; } = 1;
    }

    private static class WaitingToo
    {
        static WaitingToo() => _gate!.Task.Wait();

        public static int Value { get; } = 1;
    }
}
