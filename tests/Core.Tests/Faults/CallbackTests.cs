using System.Collections.Concurrent;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Faults;

/// <summary>Every callback of the user's there is throws: it is the user's failure and nobody else's, and the hub goes on.</summary>
public sealed class CallbackTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Listener_EveryMemberThrows_TheHubGoesOn(HubLoop loop)
    {
        var listener = new ThrowingListener(wantedThrows: false);
        var hub = StartHub(loop, options => options.Listener = listener);

        RunsAllKinds(hub);

        Assert.Contains(nameof(HubListener.OnGreenletBegun), listener.Called);
        Assert.Contains(nameof(HubListener.OnGreenletEnded), listener.Called);
        Assert.Contains(nameof(HubListener.OnWaitEnded), listener.Called);
        Assert.Contains(nameof(HubListener.OnSegmentEnded), listener.Called);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Listener_WantedThrows_ItIsToldOfNothing(HubLoop loop)
    {
        var listener = new ThrowingListener(wantedThrows: true);
        var hub = StartHub(loop, options => options.Listener = listener);

        RunsAllKinds(hub);

        Assert.DoesNotContain(nameof(HubListener.OnGreenletBegun), listener.Called);
        Assert.DoesNotContain(nameof(HubListener.OnSegmentEnded), listener.Called);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Links_OneThrows_TheOthersAreCalledAndItIsReported(HubLoop loop)
    {
        var listener = new FaultListener();
        var hub = StartHub(loop, options => options.Listener = listener);
        var called = 0;
        var greenlet = hub.Create(static () => { });
        greenlet.Link(static _ => throw Own());
        greenlet.Link(_ => Interlocked.Increment(ref called));
        greenlet.LinkValue(static _ => throw Own());
        greenlet.Link(_ => Interlocked.Increment(ref called));
        greenlet.Start();

        Succeeds(greenlet);
        Deadline.Wait(() => Volatile.Read(ref called) == 2 && listener.Faults.Count == 2, "both links and both reports", () => hub.Snapshot().ToString());
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void OnKill_TheCallbackThrows_TheKillGoesOn(HubLoop loop)
    {
        // Time enough: after the grace the wait is broken off, and its callbacks are taken back with it.
        var hub = StartHub(loop, static options => options.KillGrace = TimeSpan.FromMinutes(1));
        using var told = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            using var first = Greenlet.OnKill(static _ => throw Own());
            using var second = Greenlet.OnKill(_ => told.Set());
            using var token = Greenlet.Current!.KillToken.Register(static () => throw Own());
            told.Wait();
            Greenlet.Yield();
        });
        Waits(greenlet);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.True(told.IsSet);
    }

    [Fact]
    public void Factories_Throw_TheCallerGetsItAndMayTryAgain()
    {
        var hub = StartHub();
        var fails = true;
        var local = new GreenletLocal<int>(() => fails ? throw Own() : 7);
        var queue = new GreenletPriorityQueue<int>(null, Comparer<int>.Create((_, _) => fails ? throw Own() : 0));
        var condition = new GreenletCondition();

        var greenlet = hub.Spawn(() =>
        {
            Assert.Throws<OwnException>(() => local.Value);
            queue.Put(1);
            Assert.Throws<OwnException>(() => queue.Put(2));
            using (condition.Lock.Acquire())
            {
                Assert.Throws<OwnException>(() => condition.WaitFor(static () => throw Own()));
                Assert.True(condition.Lock.IsHeldByCaller);
            }

            fails = false;
            Assert.Equal(7, local.Value);
            queue.Put(3);
            Assert.Equal([1, 3], new[] { queue.Get(), queue.Get() });
        });

        Succeeds(greenlet);
        Assert.False(condition.Lock.IsHeld);
    }

    [Fact]
    public void Sequences_Throw_TheCallerGetsItAndNothingIsLeftUnderWay()
    {
        var pool = new GreenletPool(2, StartHub());

        Assert.Throws<OwnException>(() => pool.Map(Items(), static i => i));
        Assert.Throws<OwnException>(() => pool.IMap(Items(), static i => i).ToArray());
        Assert.Throws<OwnException>(() => Greenlet.JoinAll(Items().Select(static _ => (Greenlet)null!)));

        Deadline.Wait(() => pool.Count == 0 && pool.FreeCount == 2, "the pool to be empty");

        static IEnumerable<int> Items()
        {
            yield return 1;
            throw Own();
        }
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Posted_Throws_IsReportedAndTheHubGoesOn(HubLoop loop)
    {
        var listener = new FaultListener();
        var hub = StartHub(loop, options => options.Listener = listener);

        hub.SynchronizationContext.Post(static _ => throw Own(), null);
        var task = Task.Factory.StartNew(static () => throw Own(), CancellationToken.None, TaskCreationOptions.None, hub.TaskScheduler);
        var vague = hub.Spawn(async () =>
        {
            Vague();
            await Greenlet.YieldAsync();
        });

        Succeeds(vague, hub.Spawn(static () => Greenlet.Yield()));
        Assert.IsType<OwnException>(Assert.Throws<AggregateException>(() => task.Wait(Deadline.Default)).InnerException);
        Deadline.Wait(() => listener.Faults.Count + listener.Unhandled.Count == 2, "both reports", () => hub.Snapshot().ToString());

        static async void Vague()
        {
            await Greenlet.YieldAsync();
            throw Own();
        }
    }

    [Fact]
    public void Scheduler_TakesNoTasks_TheWorkRunsOnCarriers()
    {
        var hub = StartHub(HubLoop.Scheduler, static options => options.Scheduler = new ThrowingScheduler());

        Succeeds(hub.Spawn(static async () => await Greenlet.YieldAsync()), hub.Spawn(static () => Greenlet.Yield()));
    }

    [Fact]
    public void Snapshot_TagsAndNamesThatThrowOrLie_OneLineEach()
    {
        var hub = StartHub();
        var gate = new GreenletEvent();
        var greenlet = hub.Create(() => gate.Wait());
        greenlet.Name = "first\r\n#99 second Running\u2028\u001b[31m\u202e";
        greenlet.Tag = new ThrowingText();
        greenlet.Start();
        Waits(greenlet);

        var text = hub.Snapshot().ToString();

        gate.Set();
        Succeeds(greenlet);
        Assert.Equal(2, text.Split('\n').Length);
        Assert.Contains("first\\u000D\\u000A#99 second Running\\u2028\\u001B[31m\\u202E", text, StringComparison.Ordinal);
        Assert.Contains("ThrowingText.ToString threw OwnException", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', greenlet.ToString());
        greenlet.Name = new string('x', 100_000);
        Assert.InRange(greenlet.ToString().Length, 1, 1_000);
    }

    private static void RunsAllKinds(Hub hub)
    {
        var blocking = hub.Spawn(static () =>
        {
            Greenlet.Sleep(1);
            using var gate = new ManualResetEventSlim();
            gate.Wait(1);
        });
        var async = hub.Spawn(static async () => await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1)));
        var failed = hub.Spawn(static () => throw Own());
        var killed = hub.Spawn(static () => Greenlet.Sleep(Timeout.Infinite));
        Waits(killed);
        killed.Kill();
        Succeeds(blocking, async);
        Ends(failed);
        Ends(killed);
        Assert.Equal((GreenletStatus.Faulted, GreenletStatus.Killed), (failed.Status, killed.Status));
    }

    private static OwnException Own() => new();

    private sealed class OwnException : Exception;

    private sealed class ThrowingText
    {
        public override string ToString() => throw Own();

        public override bool Equals(object? obj) => throw Own();

        public override int GetHashCode() => throw Own();
    }

    private sealed class ThrowingScheduler : TaskScheduler
    {
        protected override void QueueTask(Task task) => throw Own();

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => throw Own();

        protected override IEnumerable<Task> GetScheduledTasks() => throw Own();
    }

    private sealed class FaultListener : HubListener
    {
        public ConcurrentQueue<Exception> Faults { get; } = new();

        public ConcurrentQueue<Exception> Unhandled { get; } = new();

        public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) => Faults.Enqueue(exception);

        public override void OnUnhandledException(Greenlet greenlet, Exception exception) => Unhandled.Enqueue(exception);
    }

    private sealed class ThrowingListener(bool wantedThrows) : HubListener
    {
        public ConcurrentQueue<string> Called { get; } = new();

        public override HubEvents Wanted => wantedThrows ? throw Own() : HubEvents.Greenlets | HubEvents.Waits | HubEvents.Segments;

        public override void OnGreenletBegun(Greenlet greenlet, TimeSpan queued) => Throw(nameof(OnGreenletBegun));

        public override void OnGreenletEnded(Greenlet greenlet, GreenletStatus status, Exception? exception) => Throw(nameof(OnGreenletEnded));

        public override void OnWaitEnded(Greenlet greenlet, string reason, TimeSpan duration) => Throw(nameof(OnWaitEnded));

        public override void OnSegmentEnded(in HubSegment segment) => Throw(nameof(OnSegmentEnded));

        public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) => Throw(nameof(OnGreenletFaulted));

        public override void OnUnhandledException(Greenlet greenlet, Exception exception) => Throw(nameof(OnUnhandledException));

        public override void OnCarrierStartFailed(Hub hub, Exception exception) => Throw(nameof(OnCarrierStartFailed));

        public override void OnHubStopping(Hub hub, int running) => Throw(nameof(OnHubStopping));

        public override void OnGreenletKilledAtStop(Greenlet greenlet) => Throw(nameof(OnGreenletKilledAtStop));

        public override void OnHubStopped(Hub hub, int leftBehind) => Throw(nameof(OnHubStopped));

        public override void OnWatchLimited(Hub hub) => Throw(nameof(OnWatchLimited));

        public override void OnBlockageDetected(Blockage blockage) => Throw(nameof(OnBlockageDetected));

        public override void OnBlockageEnded(Blockage blockage) => Throw(nameof(OnBlockageEnded));

        private void Throw(string name)
        {
            Called.Enqueue(name);
            throw Own();
        }
    }
}
