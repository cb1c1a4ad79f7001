using System.Diagnostics;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Work in place: short work runs on the thread that asks for it, and nothing else does.</summary>
public sealed class WorkProfileTests : IDisposable
{
    private readonly HubGroup _group = new(2, new HubOptions { Name = "in-place", MaxBlockingTime = TimeSpan.FromHours(1) });

    public WorkProfileTests() => _group.Start();

    public void Dispose() => _group.Dispose();

    [Fact]
    public async Task SpawnInPlace_UnknownWork_RunsOnACarrier()
    {
        var profile = new WorkProfile("unknown");
        Assert.False(profile.RunsInPlace);

        Assert.Equal("greenlet", await NameOfThread(profile));
    }

    [Fact]
    public async Task SpawnInPlace_ShortWork_RunsOnTheCallingThreadBeforeItReturns()
    {
        var profile = Trusted("short");
        var caller = Environment.CurrentManagedThreadId;
        var ranOn = 0;
        Greenlet? inside = null;

        var greenlet = _group.SpawnInPlace(
            () =>
            {
                ranOn = Environment.CurrentManagedThreadId;
                inside = Greenlet.Current;
                return Task.CompletedTask;
            },
            profile);

        Assert.True(greenlet.IsReady);
        Assert.Equal(caller, ranOn);
        Assert.Same(greenlet, inside);
        Assert.Equal("short", greenlet.Name);
        Assert.Null(Greenlet.Current);
        Assert.Null(SynchronizationContext.Current);
        await Deadline.For(_group.Bridge.AsTask(greenlet), "the greenlet", Snapshot);
    }

    [Fact]
    public async Task SpawnInPlace_ThatAwaits_GoesOnOnTheHub()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var after = new TaskCompletionSource<(string?, Greenlet?)>();
        var greenlet = _group.SpawnInPlace(
            async () =>
            {
                await gate.Task;
                after.SetResult((Thread.CurrentThread.Name, Greenlet.Current));
            },
            Trusted("awaits"));
        Assert.False(greenlet.IsReady);

        gate.SetResult();

        var (thread, current) = await Deadline.For(after.Task, "the continuation", Snapshot);
        Assert.StartsWith("greenlet", thread, StringComparison.Ordinal);
        Assert.Same(greenlet, current);
        await Deadline.For(_group.Bridge.AsTask(greenlet), "the greenlet", Snapshot);
    }

    [Fact]
    public async Task SpawnInPlace_ThatBlocks_GivesUpNoOthersTurnAndEnds()
    {
        var profile = Trusted("blocks");
        using var gate = new ManualResetEventSlim();
        Greenlet? inside = null;
        var caller = Task.Run(() => _group.SpawnInPlace(
            () =>
            {
                Volatile.Write(ref inside, Greenlet.Current);
                gate.Wait();
                return Task.CompletedTask;
            },
            profile));
        // The event spins before it blocks.
        Deadline.Wait(() => Volatile.Read(ref inside) is { Status: GreenletStatus.Waiting }, "the greenlet to block", Snapshot);

        // Every hub still runs what comes.
        foreach (var hub in _group.Hubs)
            await Deadline.For(hub.Bridge.AsTask(hub.Spawn(static () => { })), "another greenlet", Snapshot);
        gate.Set();

        var greenlet = await Deadline.For(caller, "the caller", Snapshot);
        await Deadline.For(_group.Bridge.AsTask(greenlet), "the greenlet", Snapshot);
        Assert.True(profile.HasBlocked);
    }

    [Fact]
    public void SpawnInPlace_WorkThatWasLong_IsTrustedNoMore()
    {
        var profile = Trusted("long");

        // 100 ms, the shortest sleep that a slow handler is known for.
        profile.Trust.NoteRun(100);

        Assert.False(profile.RunsInPlace);
        for (var i = 0; i < 500; i++)
            profile.Trust.NoteRun(0);
        Assert.True(profile.RunsInPlace);
    }

    [Fact]
    public void RunsInPlace_OneRunInAHundredThatSleeps_IsLostForMostRuns()
    {
        var profile = Trusted("mixed");
        var inPlace = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (profile.RunsInPlace)
                inPlace++;
            profile.Trust.NoteRun(i % 100 == 0 ? 100 : 0);
        }

        Assert.InRange(inPlace, 0, 5_000);
    }

    [Fact]
    public void SpawnInPlace_OnAGreenlet_NeverNestsOnItsStack()
    {
        var profile = Trusted("nested");
        var ranInside = _group.Hubs[0].Spawn(() =>
        {
            var mine = Environment.CurrentManagedThreadId;
            var its = 0;
            var inner = _group.SpawnInPlace(
                () =>
                {
                    its = Environment.CurrentManagedThreadId;
                    return Task.CompletedTask;
                },
                profile);
            inner.Join();
            return mine == its;
        });

        Assert.False(ranInside.Get(Deadline.Default));
    }

    [Fact]
    public async Task SpawnInPlace_OnAnExclusiveHub_KeepsToOneAtATime()
    {
        using var hub = new Hub(new HubOptions { Name = "exclusive", Exclusive = true });
        hub.Start();
        var profile = Trusted("exclusive");
        var inside = 0;
        var overlaps = 0;
        var counted = 0;
        Task Count()
        {
            if (Interlocked.Increment(ref inside) != 1)
                Interlocked.Increment(ref overlaps);
            counted++;
            Thread.SpinWait(50);
            Interlocked.Decrement(ref inside);
            return Task.CompletedTask;
        }

        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
                hub.SpawnInPlace(Count, profile).Join(Deadline.Default);
        }));

        await Deadline.For(Task.WhenAll(callers), "8,000 greenlets", () => hub.Snapshot().ToString());
        Assert.Equal(0, overlaps);
        Assert.Equal(8_000, counted);
    }

    [Fact]
    public async Task SpawnInPlace_SomeHubsOfAGroupAreTaken_RunsOnAFreeOne_AndWaitsWhenNoneIs()
    {
        using var group = new HubGroup(2, new HubOptions { Name = "exclusive", Exclusive = true, MaxBlockingTime = TimeSpan.FromHours(1) });
        group.Start();
        string Snapshots() => string.Join(Environment.NewLine, group.Hubs.Select(static hub => hub.Snapshot()));
        var release = 0;
        using var begun = new CountdownEvent(1);
        void Hold()
        {
            begun.Signal();
            var started = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref release) == 0 && Stopwatch.GetElapsedTime(started) < Deadline.Default)
                Thread.SpinWait(100);
        }

        try
        {
            _ = group.Hubs[0].Spawn(Hold);
            Deadline.Wait(begun, "the first hub to be taken", Snapshots);
            // Whichever of them is asked first. A hub that is just being left is not free, and on a slow machine no work is short for long.
            for (var runs = 0; runs < 4;)
            {
                var inPlace = group.SpawnInPlace(static () => Task.CompletedTask, Trusted("short"));
                runs += inPlace.IsReady ? 1 : 0;
                await Deadline.For(group.Bridge.AsTask(inPlace), "a run beside the hub that is taken", Snapshots);
                Assert.Same(group.Hubs[1], inPlace.Hub);
            }

            begun.Reset(1);
            _ = group.Hubs[1].Spawn(Hold);
            Deadline.Wait(begun, "the second hub to be taken", Snapshots);
            var waits = group.SpawnInPlace(static () => Task.CompletedTask, Trusted("short"));
            Assert.False(waits.IsReady);
            Volatile.Write(ref release, 1);
            await Deadline.For(group.Bridge.AsTask(waits), "its turn", Snapshots);
        }
        finally
        {
            Volatile.Write(ref release, 1);
        }
    }

    [Fact]
    public async Task SpawnInPlace_OnTheScheduler_RunsThereOnlyOnceItHasProvedShort()
    {
        using var group = new HubGroup(1, new HubOptions { Name = "scheduled", Loop = HubLoop.Scheduler, MaxBlockingTime = TimeSpan.FromHours(1) });
        group.Start();
        Task<bool> RunsOnThePool(WorkProfile profile) => Deadline.For(
            group.Bridge.RunAsync(async () =>
            {
                var onPool = false;
                await group.SpawnInPlace(
                    async () =>
                    {
                        // Not in place, for it is asked for on a greenlet
                        await Greenlet.YieldAsync();
                        onPool = Thread.CurrentThread.IsThreadPoolThread;
                    },
                    profile);
                return onPool;
            }),
            "the work",
            () => group.Hubs[0].Snapshot().ToString());

        Assert.False(await RunsOnThePool(new WorkProfile("unknown")));
        Assert.False(await RunsOnThePool(Blocking("blocking")));
        // A segment that the machine holds up is not short
        for (var tries = 0; !await RunsOnThePool(Trusted("short")); tries++)
            Assert.True(tries < 1_000, "Nothing short ran on the scheduler.");
    }

    [Fact]
    public async Task SpawnInPlace_FromManyThreads_RunsEachOnce()
    {
        var profile = Trusted("many");
        var runs = 0;
        var callers = Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 3_000; i++)
            {
                await _group.Bridge.AsTask(_group.SpawnInPlace(
                    async () =>
                    {
                        Interlocked.Increment(ref runs);
                        if ((i + n) % 3 == 0)
                            await Greenlet.YieldAsync();
                    },
                    profile));
            }
        }));

        await Deadline.For(Task.WhenAll(callers), "12,000 greenlets", Snapshot);
        Assert.Equal(12_000, runs);
        Assert.All(_group.Hubs, static hub => Assert.Equal(0, hub.Snapshot().Active));
    }

    [Fact]
    public async Task SpawnInPlace_WorkThatIsKnownToBlock_BeginsBesideHubsThatAreBusy()
    {
        var profile = Blocking("known");
        var begun = false;
        using var busy = new CountdownEvent(_group.Hubs.Count);
        var holders = _group.Hubs.Select(hub => hub.Spawn(() =>
        {
            busy.Signal();
            // Holds its hub without a wait until the other has begun.
            // (A wait of the kind of SpinUntil sleeps, and the watchdog would take the hub from it.)
            var started = Stopwatch.GetTimestamp();
            while (!Volatile.Read(ref begun) && Stopwatch.GetElapsedTime(started) < Deadline.Default)
                Thread.SpinWait(100);
        })).ToArray();
        Deadline.Wait(busy, "every hub to be busy", Snapshot);

        var greenlet = _group.SpawnInPlace(
            () =>
            {
                Volatile.Write(ref begun, true);
                return Task.CompletedTask;
            },
            profile);

        await Deadline.For(_group.Bridge.AsTask(greenlet), "the greenlet", Snapshot);
        foreach (var holder in holders)
            await Deadline.For(_group.Bridge.AsTask(holder), "a busy greenlet", Snapshot);
        Assert.True(begun);
    }

    [Fact]
    public async Task SpawnInPlace_WorkThatIsKnownToBlock_IsHeldBackByTheCapAndLosesNone()
    {
        var pool = new CarrierPool(new CarrierOptions { Max = 3, HardMax = 50 });
        using var group = new HubGroup(2, new HubOptions { Name = "capped", Carriers = pool });
        group.Start();
        var profile = Blocking("capped");
        var gate = new TaskCompletionSource();
        var inside = 0;
        var most = 0;
        var tasks = Enumerable.Range(0, 30).Select(_ => group.Bridge.AsTask(group.SpawnInPlace(
            () =>
            {
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                gate.Task.Wait();
                Interlocked.Decrement(ref inside);
                return Task.CompletedTask;
            },
            profile))).ToArray();
        Deadline.Wait(() => group.Hubs.Sum(static hub => hub.Snapshot().Waiting) >= 2, "some to block", () => string.Join('\n', group.Hubs.Select(h => h.Snapshot())));

        gate.SetResult();

        await Deadline.For(Task.WhenAll(tasks), "all of them", () => string.Join('\n', group.Hubs.Select(h => h.Snapshot())));
        // Two callers may see the last free place at the same moment.
        Assert.InRange(most, 2, 5);
    }

    [Fact]
    public void SpawnInPlace_OnAStoppedGroup_ThrowsHubStopped()
    {
        _group.Dispose();

        Assert.Throws<HubStoppedException>(() => _group.SpawnInPlace(static () => Task.CompletedTask, Trusted("late")));
    }

    private static WorkProfile Trusted(string name)
    {
        var profile = new WorkProfile(name);
        for (var i = 0; i < 100; i++)
            profile.Trust.NoteRun(0);
        Assert.True(profile.RunsInPlace);
        return profile;
    }

    private static WorkProfile Blocking(string name)
    {
        var profile = new WorkProfile(name);
        profile.NoteBlocked();
        Assert.False(profile.RunsInPlace);
        return profile;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (seen < value)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    private async Task<string> NameOfThread(WorkProfile profile)
    {
        string? name = null;
        var greenlet = _group.SpawnInPlace(
            () =>
            {
                name = Thread.CurrentThread.Name;
                return Task.CompletedTask;
            },
            profile);
        await Deadline.For(_group.Bridge.AsTask(greenlet), "the greenlet", Snapshot);
        return name!.Split(' ')[0];
    }

    private string Snapshot() => string.Join(Environment.NewLine, _group.Hubs.Select(hub => hub.Snapshot()));
}
