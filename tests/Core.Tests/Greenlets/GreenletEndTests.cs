using System.Collections.Concurrent;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Ends, who is told of them, and failures nobody looks at.</summary>
public sealed class GreenletEndTests : HubTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [MemberData(nameof(Loops))]
    public void Get_OfEachEnd_GivesTheValueOrThrowsEveryTime(HubLoop loop)
    {
        var hub = StartHub(loop);
        var error = new FormatException("the test's own");
        var value = hub.Spawn(static () => 42);
        var failed = hub.Spawn(Fail);
        var failedLate = hub.Spawn(async () =>
        {
            await Greenlet.YieldAsync();
            throw error;
        });
        var exited = hub.Spawn(static () => throw new GreenletExitException("enough"));

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(42, Gives(value));
            Assert.Same(error, Assert.Throws<FormatException>(() => failed.Get()));
            Assert.Same(error, Assert.Throws<FormatException>(() => failedLate.Get()));
            Assert.Throws<GreenletExitException>(() => exited.Get());
        }

        Assert.Equal((GreenletStatus.Completed, true, (object)42, null), (value.Status, value.IsSuccessful, value.Value, value.Exception));
        Assert.Equal((GreenletStatus.Faulted, false, null, error), (failed.Status, failed.IsSuccessful, failed.Value, failed.Exception));
        Assert.Equal(GreenletStatus.Killed, exited.Status);
        Assert.IsType<GreenletExitException>(exited.Value);
        Assert.Null(exited.Exception);
        Assert.True(failed.Join());

        int Fail() => throw error;
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Links_SeveralOfEachKind_AreCalledInOrderByTheirFilter(HubLoop loop)
    {
        var hub = StartExclusive(loop);
        var log = new ConcurrentQueue<string>();
        using var called = new CountdownEvent(9);
        var completes = hub.Create(static () => { });
        var fails = hub.Create(static () => throw new FormatException("the test's own"));
        var killed = hub.Create(static () => { });
        foreach (var (name, greenlet) in new[] { ("completes", completes), ("fails", fails), ("killed", killed) })
        {
            greenlet.Link(_ => Log(name, "link 1"));
            greenlet.LinkValue(_ => Log(name, "value"));
            greenlet.LinkException(_ => Log(name, "exception"));
            greenlet.Link(g =>
            {
                Log(name, g.Status.ToString());
                throw new InvalidOperationException("an error in a link stops no other");
            });
            greenlet.Link(_ =>
            {
                // A link may wait.
                Greenlet.Yield();
                Assert.NotSame(greenlet, Greenlet.Current);
            });
            Action<Greenlet> removed = _ => Log(name, "removed");
            greenlet.Link(removed);
            Assert.True(greenlet.Unlink(removed));
            Assert.False(greenlet.Unlink(removed));
        }

        completes.Start();
        Ends(completes);
        fails.Start();
        Ends(fails);
        killed.Kill();
        Deadline.Wait(called, "the links", () => hub.Snapshot().ToString());

        Assert.Equal(["link 1", "value", "Completed"], Of("completes"));
        Assert.Equal(["link 1", "exception", "Faulted"], Of("fails"));
        Assert.Equal(["link 1", "value", "Killed"], Of("killed"));

        // Added after the end: called later, never inline.
        var caller = Environment.CurrentManagedThreadId;
        var late = new TaskCompletionSource<int>();
        fails.LinkException(_ => late.SetResult(Environment.CurrentManagedThreadId));
        fails.LinkValue(_ => late.SetResult(-1));
        Assert.NotEqual(caller, Deadline.Wait(late.Task, "the late link", () => hub.Snapshot().ToString()));

        void Log(string name, string what)
        {
            log.Enqueue($"{name}: {what}");
            called.Signal();
        }

        IEnumerable<string> Of(string name) => log.Where(entry => entry.StartsWith(name + ":", StringComparison.Ordinal)).Select(entry => entry[(name.Length + 2)..]);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Failure_NobodyLooksAt_IsReportedOnceAfterASecond(HubLoop loop)
    {
        var listener = new Listener();
        var hub = StartHub(loop, options =>
        {
            options.TimeProvider = _time;
            options.Listener = listener;
        });
        var error = new FormatException("the test's own");
        var unseen = hub.Spawn(() => throw error);
        var joined = hub.Spawn(() => throw error);
        var linked = hub.Create(() => throw error);
        linked.LinkException(static _ => { });
        linked.Start();
        var killed = hub.Spawn(static () => throw new GreenletExitException());
        Assert.Same(error, Assert.Throws<FormatException>(() => joined.Get(Deadline.Default)));
        Deadline.Wait(() => unseen.IsReady && linked.IsReady && killed.IsReady, "the ends", () => hub.Snapshot().ToString());
        Settle(hub);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Settle(hub);
        Assert.Empty(listener.Faults);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Deadline.Wait(() => !listener.Faults.IsEmpty, "the report", () => hub.Snapshot().ToString());
        _time.Advance(TimeSpan.FromMinutes(1));
        Settle(hub);

        var (greenlet, reported) = Assert.Single(listener.Faults);
        Assert.Same(unseen, greenlet);
        Assert.Same(error, reported);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Listener_ThatWaits_GetsAnErrorAndThatIsIgnored(HubLoop loop)
    {
        var listener = new WaitingListener();
        var hub = StartHub(loop, options =>
        {
            options.TimeProvider = _time;
            options.Listener = listener;
        });
        var failed = hub.Spawn(static () => throw new FormatException("the test's own"));
        Deadline.Wait(() => failed.IsReady, "the failure", () => hub.Snapshot().ToString());
        Settle(hub);

        _time.Advance(TimeSpan.FromSeconds(1));

        Deadline.Wait(() => listener.Errors.Count == 4, "the listener's call", () => hub.Snapshot().ToString());
        Assert.All(listener.Errors, static error => Assert.IsType<BlockingInHubCallbackException>(error));
        Succeeds(hub.Spawn(static () => Greenlet.Yield()));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void PostedCallback_ThatThrows_IsReportedAndTheGreenletGoesOn(HubLoop loop)
    {
        var listener = new Listener();
        var hub = StartHub(loop, options => options.Listener = listener);
        var error = new FormatException("the test's own");

        var greenlet = hub.Spawn(async () =>
        {
            SynchronizationContext.Current!.Post(_ => throw error, null);
            await Greenlet.YieldAsync();
            await Greenlet.YieldAsync();
            return 1;
        });

        Assert.Equal(1, Gives(greenlet));
        Deadline.Wait(() => !listener.Unhandled.IsEmpty, "the report", () => hub.Snapshot().ToString());
        Assert.Equal((greenlet, error), Assert.Single(listener.Unhandled));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void LeftOverCode_WaitsAfterTheEnd_LeavesNothingInTheHub(HubLoop loop)
    {
        var hub = StartHub(loop);
        var done = new TaskCompletionSource();
        using var gate = new ManualResetEventSlim();

        var greenlet = hub.Spawn(() => { _ = LeftOver(); });
        Succeeds(greenlet);
        gate.Set();

        Deadline.Wait(done.Task, "the code that was left running", () => hub.Snapshot().ToString());

        async Task LeftOver()
        {
            await Task.Run(gate.Wait);
            Task.Run(static () => { }).Wait();
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1));
            Greenlet.Yield();
            done.SetResult();
        }
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Join_FromThreadsGreenletsAndAwaits_AllSeeTheEnd(HubLoop loop)
    {
        var hub = StartHub(loop);
        var other = StartHub(loop);
        for (var round = 0; round < 100; round++)
        {
            var yields = round % 2 == 0;
            var target = hub.Spawn(() =>
            {
                if (yields)
                    Greenlet.Yield();
                return 7;
            });
            var here = hub.Spawn(() => target.Get());
            var there = other.Spawn(() => target.Get());
            var awaited = other.Spawn(async () => await target);
            var task = Task.Run(async () => await target);

            Assert.Equal([7, 7, 7, 7], (int[])[Gives(here), Gives(there), Gives(awaited), Deadline.Wait(task, "the await", () => hub.Snapshot().ToString())]);
        }
    }

    [Fact]
    public void Unlink_WhatIsNotLinked_IsFalse_AndTheOthersStay()
    {
        var hub = StartHub();
        var told = 0;
        void Tell(Greenlet greenlet) => Interlocked.Increment(ref told);
        static void Other(Greenlet greenlet) => throw new InvalidOperationException("It is not linked.");
        var greenlet = hub.Create(static () => { });
        Assert.False(greenlet.Unlink(Other));
        greenlet.Link(Tell);
        Assert.False(greenlet.Unlink(Other));
        greenlet.Link(Tell);
        Assert.False(greenlet.Unlink(Other));
        Assert.True(greenlet.Unlink(Tell));
        greenlet.Start();
        Succeeds(greenlet);

        Deadline.Wait(() => Volatile.Read(ref told) == 1, "the link that is left", () => hub.Snapshot().ToString());
        Assert.False(greenlet.Unlink(Tell));
    }

    [Fact]
    public async Task Idle_OffTheHub_OnlyYields()
    {
        Greenlet.Idle();
        await Deadline.For(Greenlet.IdleAsync(), "the yield");
        await Deadline.For(Greenlet.YieldAsync(), "the yield");
    }

    [Fact]
    public void Join_WhatCanNeverEnd_Throws()
    {
        var hub = StartHub();
        var never = hub.Create(static () => { });

        Assert.Contains("never started", Assert.Throws<HubDeadlockException>(() => never.Get()).Message, StringComparison.Ordinal);
        Assert.Contains("waits for itself", Gives(hub.Spawn(static () => Assert.Throws<HubDeadlockException>(static () => Greenlet.Current!.Join())) ).Message, StringComparison.Ordinal);
        never.Kill();
        Assert.True(never.Join());
    }

    [Fact]
    public void Status_ThroughALife_IsWhatHappens()
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim();
        var greenlet = hub.Create(() =>
        {
            var running = Greenlet.Current!.Status;
            gate.Wait();
            return (running, Greenlet.Current!.Status);
        });
        Assert.Equal(GreenletStatus.Created, greenlet.Status);
        Assert.Null(greenlet.Value);

        greenlet.Start();
        greenlet.Start();
        Waits(greenlet);
        greenlet.Name = "worker";
        greenlet.Tag = "/orders";
        var snapshot = Assert.Single(hub.Snapshot().Greenlets);
        Assert.Equal((greenlet.Id, "worker", GreenletStatus.Waiting, "/orders"), (snapshot.Id, snapshot.Name, snapshot.Status, snapshot.Tag));
        Assert.Contains("worker", hub.Snapshot().ToString(), StringComparison.Ordinal);
        gate.Set();

        Assert.Equal((GreenletStatus.Running, GreenletStatus.Running), Gives(greenlet));
        Assert.Equal(GreenletStatus.Completed, greenlet.Status);
    }

    [Fact]
    public void Id_OfGreenlets_IsUniqueAndStays()
    {
        var hub = StartHub();
        var greenlets = Enumerable.Range(0, 200).Select(_ => hub.Spawn(static () => { })).ToArray();
        var ids = new ConcurrentBag<long>();
        Parallel.ForEach(greenlets.Concat(greenlets), greenlet => ids.Add(greenlet.Id));

        Assert.Equal(200, ids.Distinct().Count());
        Succeeds(greenlets);
    }

    private static void Settle(Hub hub) =>
        Deadline.Wait(() => !hub.Dispatcher.IsBusy && hub.Dispatcher.Queued == 0, "the hub to be idle", () => hub.Snapshot().ToString());

    private sealed class Listener : HubListener
    {
        internal ConcurrentQueue<(Greenlet, Exception)> Faults { get; } = new();

        internal ConcurrentQueue<(Greenlet, Exception)> Unhandled { get; } = new();

        public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) => Faults.Enqueue((greenlet, exception));

        public override void OnUnhandledException(Greenlet greenlet, Exception exception) => Unhandled.Enqueue((greenlet, exception));
    }

    private sealed class WaitingListener : HubListener
    {
        internal ConcurrentQueue<Exception> Errors { get; } = new();

        public override void OnGreenletFaulted(Greenlet greenlet, Exception exception)
        {
            var other = greenlet.Hub!.Spawn(static () => Greenlet.Yield());
            Action[] waits =
            [
                static () => Greenlet.Sleep(1), static () => Greenlet.Await(new TaskCompletionSource().Task), () => other.Join(),
                () => greenlet.Hub.SynchronizationContext.Send(static _ => { }, null),
            ];
            foreach (var wait in waits)
            {
                try
                {
                    wait();
                }
                catch (InvalidOperationException e)
                {
                    Errors.Enqueue(e);
                }
            }

            throw new InvalidOperationException("a listener that throws is ignored");
        }
    }
}
