using System.Collections.Concurrent;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>Order, and one segment at a time.</summary>
public sealed class HubOrderTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Spawn_FromOneThread_BeginsInThatOrder(HubLoop loop)
    {
        // One that is held up before it has written itself down must not be passed by.
        var hub = StartHub(loop, static options => options.BlockingPolicy = BlockingPolicy.Report);
        var order = new List<int>();
        var expected = new List<int>();
        var greenlets = new List<Greenlet>();
        for (var i = 0; i < 500; i++)
        {
            var id = i;
            expected.Add(id);
            greenlets.Add(i % 3 == 0 ? hub.Spawn(async () =>
            {
                order.Add(id);
                await Greenlet.YieldAsync();
            })
            : hub.Spawn(() =>
            {
                order.Add(id);
                if (id % 5 == 0)
                    Greenlet.Yield();
            }));
        }

        Succeeds(greenlets);
        Assert.Equal(expected, order);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Spawn_BeforeStart_RunsAfterItInOrder(HubLoop loop)
    {
        var hub = NewHub(loop);
        var order = new List<int>();
        var greenlets = Enumerable.Range(0, 10).Select(i => hub.Spawn(() => order.Add(i))).ToArray();
        Assert.All(greenlets, static greenlet => Assert.Equal(GreenletStatus.Scheduled, greenlet.Status));
        Assert.False(hub.IsRunning);

        hub.Start();
        hub.Start();

        Succeeds(greenlets);
        Assert.Equal(Enumerable.Range(0, 10), order);
        Assert.True(hub.IsRunning);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Spawn_OnAGreenlet_BeginsOnlyWhenTheCallerWaits(HubLoop loop)
    {
        var hub = StartExclusive(loop);
        var log = new List<string>();

        var parent = hub.Spawn(() =>
        {
            var child = hub.Spawn(() => log.Add("child"));
            log.Add("spawned");
            Greenlet.Yield();
            log.Add("yielded");
            child.Get();
            Assert.Same(Greenlet.Current, child.SpawningGreenlet);
        });

        Succeeds(parent);
        Assert.Equal(["spawned", "child", "yielded"], log);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Yield_AmongReadyGreenlets_GoesRound(HubLoop loop)
    {
        var hub = NewHub(loop, static options => options.Exclusive = true);
        var log = new List<string>();
        Greenlet[] greenlets =
        [
            .. "abc".Select(name => hub.Spawn(() =>
            {
                for (var i = 0; i < 4; i++)
                {
                    log.Add($"{name}{i}");
                    Greenlet.Yield();
                }
            })),
            hub.Spawn(async () =>
            {
                for (var i = 0; i < 4; i++)
                {
                    log.Add($"d{i}");
                    await Greenlet.YieldAsync();
                }
            }),
        ];

        hub.Start();
        Succeeds(greenlets);

        Assert.Equal(["a", "b", "c", "d"], log.Take(4).Select(static entry => entry[..1]));
        // Each goes round in its own order, and none comes twice before the others came once.
        foreach (var round in Enumerable.Range(0, 4))
            Assert.Equal([$"a{round}", $"b{round}", $"c{round}", $"d{round}"], log.Skip(round * 4).Take(4).Order());
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Segments_OfAnExclusiveHub_NeverOverlap(HubLoop loop)
    {
        const int Greenlets = 24;
        const int Steps = 60;
        var hub = StartExclusive(loop);
        var inside = 0;
        var overlaps = 0;
        var counter = 0;
        var gate = new object();
        using var semaphore = new SemaphoreSlim(3);

        void Enter()
        {
            if (Interlocked.Increment(ref inside) != 1)
                Interlocked.Increment(ref overlaps);
            // Not atomic on purpose: two at once would lose counts.
            var seen = counter;
            Thread.SpinWait(30);
            counter = seen + 1;
        }

        void Leave()
        {
            if (Interlocked.Decrement(ref inside) != 0)
                Interlocked.Increment(ref overlaps);
        }

        void Blocking(int id)
        {
            var random = new Random(id);
            for (var step = 0; step < Steps; step++)
            {
                Enter();
                Leave();
                switch (random.Next(6))
                {
                    case 0:
                        Greenlet.Yield();
                        break;
                    case 1:
                        Greenlet.Sleep(1);
                        break;
                    case 2:
                        Task.Run(static () => { }).Wait();
                        break;
                    case 3:
                        // A contended lock is a switch point: held across a wait.
                        lock (gate)
                            Greenlet.Yield();
                        break;
                    case 4:
                        semaphore.Wait();
                        Task.Run(static () => { }).Wait();
                        semaphore.Release();
                        break;
                    default:
                        hub.Spawn(() =>
                        {
                            Enter();
                            Leave();
                        }).Get();
                        break;
                }
            }
        }

        async Task Async(int id)
        {
            var random = new Random(id);
            for (var step = 0; step < Steps; step++)
            {
                Enter();
                Leave();
                switch (random.Next(4))
                {
                    case 0:
                        await Greenlet.YieldAsync();
                        break;
                    case 1:
                        await Task.Run(static () => { });
                        break;
                    case 2:
                        await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1));
                        break;
                    default:
                        Task.Run(static () => { }).Wait();
                        break;
                }
            }
        }

        var greenlets = Enumerable.Range(0, Greenlets).Select(i => i % 3 == 0 ? hub.Spawn(() => Async(i)) : hub.Spawn(() => Blocking(i))).ToArray();

        Succeeds(greenlets);
        Assert.Equal(0, overlaps);
        Assert.True(counter >= Greenlets * Steps, $"{counter} of at least {Greenlets * Steps}");
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Spawn_FromManyThreads_NothingIsLost(HubLoop loop)
    {
        const int Threads = 4;
        const int Each = 5_000;
        var hub = StartExclusive(loop);
        var counter = 0;
        var threads = Enumerable.Range(0, Threads)
            .Select(thread => new Thread(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    if (i % 7 == 0)
                        hub.Spawn(static () => Task.CompletedTask);
                    hub.Spawn(() => counter++);
                }
            }))
            .ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => Deadline.Wait(thread, "a spawning thread"));

        Succeeds(hub.Spawn(static () => { }));
        Assert.Equal(Threads * Each, counter);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Group_UnbegunWork_IsTakenByEveryHubThatIsFree(HubLoop loop)
    {
        var group = StartGroup(2, loop);
        var arrived = 0;
        // Each keeps its hub busy until the other one has come, so both hubs must take one.
        var pair = Enumerable.Range(0, 2)
            .Select(_ => group.Spawn(() =>
            {
                Interlocked.Increment(ref arrived);
                Computes(() => Volatile.Read(ref arrived) == 2);
                Assert.True(Volatile.Read(ref arrived) == 2, "the other hub took nothing");
                return Hub.Current!.Name;
            }))
            .ToArray();

        Assert.Equal(["group-0", "group-1"], pair.Select(Gives).Order());
        Assert.Equal(0, group.Queued);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Group_OneHubIsBusy_TheOtherServesAllTheRest(HubLoop loop)
    {
        var group = StartGroup(2, loop);
        var release = false;
        var busy = group.Spawn(() =>
        {
            Computes(() => Volatile.Read(ref release));
            return Hub.Current;
        });
        Deadline.Wait(() => busy.Status == GreenletStatus.Running, "the busy greenlet");

        var others = Enumerable.Range(0, 50)
            .Select(_ => group.Spawn(() =>
            {
                Greenlet.Yield();
                return Hub.Current;
            }))
            .ToArray();

        var served = others.Select(Gives).ToArray();
        Volatile.Write(ref release, true);
        var busyHub = Gives(busy);
        Assert.All(served, hub => Assert.NotSame(busyHub, hub));
        Assert.Single(served.Distinct());
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Group_UnderLoadFromManyThreads_EverythingRunsOnce(HubLoop loop)
    {
        const int Greenlets = 6_000;
        var group = StartGroup(3, loop);
        var ran = new ConcurrentDictionary<int, Hub>();
        var twice = 0;
        var greenlets = new ConcurrentBag<Greenlet>();
        Parallel.For(0, Greenlets, i => greenlets.Add(group.Spawn(() =>
        {
            if (!ran.TryAdd(i, Hub.Current!))
                Interlocked.Increment(ref twice);
            if (i % 4 == 0)
                Greenlet.Yield();
            // A greenlet that has begun stays with its hub.
            Assert.Same(ran[i], Hub.Current);
        })));

        foreach (var greenlet in greenlets)
            Deadline.Wait(() => greenlet.IsReady, "a greenlet of the group", () => string.Join(Environment.NewLine, group.Hubs.Select(static hub => hub.Snapshot())));
        Assert.Equal(0, twice);
        Assert.Equal(Greenlets, ran.Count);
        Assert.All(greenlets, static greenlet => Assert.Equal(GreenletStatus.Completed, greenlet.Status));
    }

    [Fact]
    public void ContendedLock_HubIsBusyWithAnother_IsNotKeptFromEverybodyElse()
    {
        // A greenlet of a hand-off hub that was granted a lock while its hub is busy must go on, or all who want the lock stand.
        var hubA = StartHub();
        var hubB = StartHub();
        var gate = new object();
        var release = false;
        using var held = new ManualResetEventSlim();
        using var letGo = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            lock (gate)
            {
                held.Set();
                letGo.Wait();
            }
        });
        holder.Start();
        Comes(held, "the lock", hubA);
        var wantsOnA = hubA.Spawn(() =>
        {
            lock (gate)
                return true;
        });
        Waits(wantsOnA);
        // Now hub A is busy with somebody who does not wait.
        var busy = hubA.Spawn(() => Computes(() => Volatile.Read(ref release)));
        Deadline.Wait(() => busy.Status == GreenletStatus.Running, "the busy greenlet", () => hubA.Snapshot().ToString());

        letGo.Set();
        Deadline.Wait(holder, "the holder");

        var wantsOnB = hubB.Spawn(() =>
        {
            lock (gate)
                return true;
        });
        var wantsOnPool = Task.Run(() =>
        {
            lock (gate)
                return true;
        });
        Assert.True(Gives(wantsOnA));
        Assert.True(Gives(wantsOnB));
        Assert.True(Deadline.Wait(wantsOnPool, "the lock on a pool thread", () => hubA.Snapshot().ToString()));
        Assert.False(busy.IsReady);
        Volatile.Write(ref release, true);
        Succeeds(busy);
    }

    [Fact]
    public void TaskWait_HubIsBusyWithAnother_WaitsForItsTurn()
    {
        // No lock is granted by this wait, so nothing excuses a second segment at the same time.
        var hub = StartHub();
        var source = new TaskCompletionSource();
        var release = false;
        var busyEnded = false;
        var waits = hub.Spawn(() =>
        {
            source.Task.Wait();
            return Volatile.Read(ref busyEnded);
        });
        Waits(waits);
        var busy = hub.Spawn(() =>
        {
            Computes(() => Volatile.Read(ref release));
            Volatile.Write(ref busyEnded, true);
        });
        Deadline.Wait(() => busy.Status == GreenletStatus.Running, "the busy greenlet", () => hub.Snapshot().ToString());
        source.SetResult();
        Assert.False(waits.Join(TimeSpan.FromMilliseconds(30)));

        Volatile.Write(ref release, true);

        Assert.True(Gives(waits));
        Succeeds(busy);
    }
}
