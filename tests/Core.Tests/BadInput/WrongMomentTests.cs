using System.Reflection;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.BadInput;

/// <summary>Every public member that changes something: called twice, too late, after disposal, by who must not. A member without a row fails the test.</summary>
public sealed class WrongMomentTests : HubTests
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(1);

    // What a member does at a wrong moment: an exception by its type, or nothing ("is harmless"), which is a promise as well.
    private Dictionary<string, Action<Hub>> Rows => new()
    {
        ["AsyncResult.Set"] = static _ =>
        {
            var result = new AsyncResult<int>();
            result.Set(1);
            result.Set(2);
            Assert.Equal(2, result.Get());
        },
        ["AsyncResult.SetException"] = static _ =>
        {
            var result = new AsyncResult<int>();
            result.Set(1);
            result.SetException(new InvalidOperationException());
            Assert.Throws<InvalidOperationException>(() => result.Get());
        },
        ["AsyncResult.SetFrom"] = static hub =>
        {
            var result = new AsyncResult<int>();
            var greenlet = hub.Spawn(static () => 1);
            Succeeds(greenlet);
            result.SetFrom(greenlet);
            result.SetFrom(greenlet);
            Assert.Equal(1, result.Get());
        },
        ["CarrierPool.Configure"] = static hub =>
        {
            var pool = new CarrierPool();
            pool.Configure(new CarrierOptions { Max = 5 });
            Assert.Throws<ArgumentOutOfRangeException>(() => pool.Configure(new CarrierOptions { Max = 0 }));
            pool.Configure(new CarrierOptions { Max = 5 });
        },
        ["Greenlet.Start"] = static hub =>
        {
            var runs = 0;
            var greenlet = hub.Create(() => runs++);
            greenlet.Start();
            greenlet.Start();
            Succeeds(greenlet);
            greenlet.Start();
            Assert.Equal(1, runs);
        },
        ["Greenlet.StartLater"] = static hub =>
        {
            var runs = 0;
            var greenlet = hub.Create(() => runs++);
            greenlet.StartLater(_soon);
            greenlet.StartLater(_soon);
            greenlet.Start();
            Succeeds(greenlet);
            greenlet.StartLater(_soon);
            Assert.Equal(1, runs);
        },
        ["Greenlet.Kill"] = static hub =>
        {
            var greenlet = hub.Create(static () => { });
            Assert.True(greenlet.Kill());
            Assert.True(greenlet.Kill());
            greenlet.Start();
            Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        },
        ["Greenlet.Link"] = LinksAfterTheEnd,
        ["Greenlet.LinkValue"] = LinksAfterTheEnd,
        ["Greenlet.LinkException"] = LinksAfterTheEnd,
        ["Greenlet.Unlink"] = static hub => Assert.False(hub.Create(static () => { }).Unlink(static _ => { })),
        ["Greenlet.Yield"] = static _ => Greenlet.Yield(),
        ["Greenlet.Idle"] = static _ => Greenlet.Idle(),
        ["Greenlet.Shield"] = static _ => Assert.Throws<InvalidOperationException>(Greenlet.Shield),
        ["Greenlet.OnKill"] = static _ => Greenlet.OnKill(static _ => { }).Dispose(),
        ["GreenletChannel.Shutdown"] = static _ =>
        {
            var channel = new GreenletChannel<int>();
            channel.Shutdown();
            channel.Shutdown();
            Assert.Throws<QueueShutDownException>(() => channel.Put(1));
        },
        ["GreenletCondition.Notify"] = static _ => Assert.Throws<SynchronizationLockException>(() => new GreenletCondition().Notify()),
        ["GreenletCondition.NotifyAll"] = static _ => Assert.Throws<SynchronizationLockException>(new GreenletCondition().NotifyAll),
        ["GreenletCondition.Wait"] = static _ => Assert.Throws<SynchronizationLockException>(() => new GreenletCondition().Wait(_soon)),
        ["GreenletCondition.WaitFor"] = static _ => Assert.Throws<SynchronizationLockException>(() => new GreenletCondition().WaitFor(static () => false, _soon)),
        ["GreenletEvent.Set"] = static _ =>
        {
            var gate = new GreenletEvent();
            gate.Set();
            gate.Set();
            Assert.True(gate.IsSet);
        },
        ["GreenletEvent.Clear"] = static _ =>
        {
            var gate = new GreenletEvent();
            gate.Clear();
            gate.Clear();
            Assert.False(gate.IsSet);
        },
        ["GreenletGroup.Add"] = static hub =>
        {
            var group = new GreenletGroup(hub);
            var greenlet = hub.Create(static () => { });
            group.Add(greenlet);
            group.Add(greenlet);
            Assert.Single(group);
            greenlet.Start();
            Succeeds(greenlet);
            group.Add(greenlet);
            Deadline.Wait(() => group.Count == 0, "the group to be empty");
        },
        ["GreenletGroup.Remove"] = static hub => Assert.False(new GreenletGroup(hub).Remove(hub.Create(static () => { }))),
        ["GreenletGroup.Kill"] = static hub => Assert.True(new GreenletGroup(hub).Kill()),
        ["GreenletHold.Dispose"] = static _ =>
        {
            var gate = new GreenletSemaphore(1, 1);
            var hold = gate.Acquire();
            hold.Dispose();
            Assert.ThrowsAny<Exception>(hold.Dispose);
            default(GreenletHold).Dispose();
        },
        ["GreenletLocal.Clear"] = static _ =>
        {
            var local = new GreenletLocal<int>();
            local.Clear();
            local.Clear();
            Assert.False(local.HasValue);
        },
        ["GreenletLock.Release"] = hub =>
        {
            var gate = new GreenletLock();
            Assert.Throws<SynchronizationLockException>(gate.Release);
            using var hold = gate.Acquire();
            Succeeds(hub.Spawn(() => { Assert.Throws<SynchronizationLockException>(gate.Release); }));
        },
        ["GreenletQueue.Shutdown"] = static _ =>
        {
            var queue = new GreenletQueue<int>();
            queue.Put(1);
            queue.Shutdown();
            queue.Shutdown(immediate: true);
            Assert.Throws<QueueShutDownException>(() => queue.Get());
        },
        ["GreenletQueue.TaskDone"] = static _ => Assert.Throws<InvalidOperationException>(new GreenletQueue<int>().TaskDone),
        ["GreenletScope.Cancel"] = static hub =>
        {
            GreenletScope? left = null;
            GreenletScope.Run(scope => left = scope, hub);
            left!.Cancel();
            left.Cancel();
            Assert.ThrowsAny<InvalidOperationException>(() => left.Spawn(static () => { }));
        },
        ["GreenletSemaphore.Release"] = static _ =>
        {
            var gate = new GreenletSemaphore(1, 1);
            Assert.ThrowsAny<Exception>(() => gate.Release());
            Assert.Equal(1, gate.Count);
        },
        ["GreenletTimeout.Start"] = static hub =>
        {
            var limit = new GreenletTimeout(null);
            Assert.Throws<InvalidOperationException>(limit.Start);
            Succeeds(hub.Spawn(() =>
            {
                using var pending = GreenletTimeout.Start(TimeSpan.FromDays(1));
                Assert.Throws<InvalidOperationException>(pending.Start);
            }));
            limit.Dispose();
            Assert.Throws<ObjectDisposedException>(limit.Start);
        },
        ["GreenletTimeout.Cancel"] = static _ =>
        {
            var limit = new GreenletTimeout(_soon);
            Assert.True(limit.Cancel());
            Assert.True(limit.Cancel());
        },
        ["GreenletTimeout.Dispose"] = static _ =>
        {
            var limit = new GreenletTimeout(_soon);
            limit.Dispose();
            limit.Dispose();
            Assert.Throws<ObjectDisposedException>(() => limit.Token);
        },
        ["Hub.Start"] = static _ =>
        {
            var hub = new Hub();
            hub.Start();
            hub.Start();
            hub.Dispose();
            Assert.Throws<HubStoppedException>(hub.Start);
        },
        ["Hub.Dispose"] = DisposesTwice,
        ["Hub.DisposeAsync"] = DisposesTwice,
        ["Hub.StopAsync"] = DisposesTwice,
        ["Hub.Spawn"] = RefusesWhenStopped,
        ["Hub.SpawnLater"] = RefusesWhenStopped,
        ["Hub.SpawnInPlace"] = RefusesWhenStopped,
        ["Hub.Create"] = static _ => Assert.Throws<HubStoppedException>(Stopped().Create(static () => { }).Start),
        ["Hub.Run"] = static hub =>
        {
            Assert.Throws<HubStoppedException>(() => Stopped().Run(static () => { }));
            Succeeds(hub.Spawn(() => { Assert.Throws<InvalidOperationException>(() => hub.Run(static () => { })); }));
        },
        ["Hub.ReportOffload"] = static _ => Stopped().ReportOffload("nothing"),
        ["HubGroup.Start"] = static _ =>
        {
            var group = new HubGroup(1);
            group.Start();
            group.Start();
            group.Dispose();
            group.Dispose();
            Assert.Throws<HubStoppedException>(group.Start);
        },
        ["HubGroup.Dispose"] = GroupIsDisposedTwice,
        ["HubGroup.DisposeAsync"] = GroupIsDisposedTwice,
        ["HubGroup.StopAsync"] = GroupIsDisposedTwice,
        ["HubGroup.Spawn"] = GroupIsDisposedTwice,
        ["HubGroup.SpawnInPlace"] = GroupIsDisposedTwice,
        ["KillRegistration.Dispose"] = static hub => Succeeds(hub.Spawn(static () =>
        {
            var registration = Greenlet.OnKill(static _ => { });
            registration.Dispose();
            registration.Dispose();
            default(KillRegistration).Dispose();
        })),
        ["KillRegistration.DisposeAsync"] = static hub => Succeeds(hub.Spawn(static async () =>
        {
            var registration = Greenlet.OnKill(static _ => { });
            await registration.DisposeAsync();
            await registration.DisposeAsync();
        })),
        ["OffloadPool.Run"] = OffloadAfterDisposal,
        ["OffloadPool.RunAsync"] = OffloadAfterDisposal,
        ["OffloadPool.Dispose"] = OffloadAfterDisposal,
    };

    [Fact]
    public void EveryMember_AtAWrongMoment_DoesWhatItsRowSays()
    {
        var hub = StartHub();
        var failures = new List<string>();
        foreach (var (name, row) in Rows)
        {
            try
            {
                row(hub);
            }
            catch (Exception error)
            {
                failures.Add($"{name}: {error.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    [Fact]
    public void EveryMember_ThatChangesSomething_HasARow()
    {
        var members = typeof(Hub).Assembly.GetExportedTypes()
            .Where(static type => !type.Name.StartsWith('<') && !type.IsInterface && !typeof(HubListener).IsAssignableFrom(type) && !(type.IsAbstract && type.IsSealed))
            .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(static method => !method.IsSpecialName && Changes(method))
                .Select(method => $"{type.Name.Split('`')[0]}.{method.Name}"))
            .Distinct();

        Assert.Empty(members.Except(Rows.Keys));
    }

    // A wait, a look or a conversion is at no wrong moment: those are walked over by what they are given, and kinds of waits have tests of their own.
    private static bool Changes(MethodInfo method) => method.Name switch
    {
        "Deconstruct" or "OnCompleted" or "UnsafeOnCompleted" or "GetResult" or "Put" or "Get" or "Await" or "Sleep" or "WithTimeout" or "KillAll" or "Apply" or "TrySpawn" => false,
        "Spawn" => method.DeclaringType == typeof(Hub) || method.DeclaringType == typeof(HubGroup),
        "Dispose" or "DisposeAsync" or "Start" or "StopAsync" or "Kill" or "Release" or "Cancel" or "Remove" or "Run" or "RunAsync" or "Create" or "SpawnLater" or "SpawnInPlace" or "Shield" or "OnKill" or "Unlink" =>
            method.DeclaringType != typeof(GreenletScope) || method.Name == "Cancel",
        _ => method.ReturnType == typeof(void),
    };

    private static Hub Stopped()
    {
        var hub = new Hub();
        hub.Dispose();
        return hub;
    }

    private static void LinksAfterTheEnd(Hub hub)
    {
        var greenlet = hub.Spawn(static () => { });
        Succeeds(greenlet);
        var called = 0;
        greenlet.Link(_ => Interlocked.Increment(ref called));
        greenlet.LinkValue(_ => Interlocked.Increment(ref called));
        greenlet.LinkException(_ => Interlocked.Increment(ref called));
        Deadline.Wait(() => Volatile.Read(ref called) == 2, "the links");
    }

    private static void DisposesTwice(Hub _)
    {
        var hub = new Hub();
        hub.Start();
        hub.Dispose();
        hub.Dispose();
        Deadline.Wait(hub.DisposeAsync().AsTask(), "the second disposal");
        Deadline.Wait(hub.StopAsync(TimeSpan.Zero), "the stop of a disposed hub");
    }

    private static void RefusesWhenStopped(Hub _)
    {
        var hub = Stopped();
        Assert.Throws<HubStoppedException>(() => hub.Spawn(static () => { }));
        Assert.Throws<HubStoppedException>(() => hub.SpawnLater(_soon, static () => { }));
        Assert.Throws<HubStoppedException>(() => hub.SpawnInPlace(static () => Task.CompletedTask, new WorkProfile("work")));
    }

    private static void GroupIsDisposedTwice(Hub _)
    {
        var group = new HubGroup(1);
        group.Start();
        group.Dispose();
        group.Dispose();
        Deadline.Wait(group.DisposeAsync().AsTask(), "the second disposal");
        Deadline.Wait(group.StopAsync(TimeSpan.Zero), "the stop of a disposed group");
        Assert.Throws<HubStoppedException>(() => group.Spawn(static () => { }));
        Assert.Throws<HubStoppedException>(() => group.SpawnInPlace(static () => Task.CompletedTask, new WorkProfile("work")));
    }

    private static void OffloadAfterDisposal(Hub _)
    {
        var pool = new OffloadPool(1);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(static () => { }));
        Assert.ThrowsAny<ObjectDisposedException>(() => Deadline.Wait(pool.RunAsync(static () => { }), "the refusal"));
    }
}
