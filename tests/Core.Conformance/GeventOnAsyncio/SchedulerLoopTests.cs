using System.Collections.Concurrent;

namespace GreenletBridge.Core.Conformance.GeventOnAsyncio;

/// <summary>A hub on .NET's scheduler.</summary>
public sealed class SchedulerLoopTests
{
    [Fact]
    public async Task IdleHub_HoldsNoThreadAndNoTimer()
    {
        await using var lane = new HubUnderTest(HubLoop.Scheduler);
        var gate = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, 100).Select(_ => lane.Bridge.RunAsync(async () => await gate.Task)).ToArray();
        await lane.Until(() => lane.Hub.Snapshot() is { Waiting: 100, BusyFor.Ticks: 0 }, "all wait, and the last one's thread has left");

        var (carriers, timers) = (lane.Pool.Count, lane.Time.TimerCount);
        gate.SetResult();
        Assert.Equal((0, 0), (carriers, timers));
        await lane.For(Task.WhenAll(waiting), "all");
        Assert.Equal(0, lane.Pool.Count);
    }

    [Fact]
    public async Task AsyncCode_RunsOnTheThreadPool_BlockingCodeOnCarriers()
    {
        await using var lane = new HubUnderTest(HubLoop.Scheduler);
        var async = new List<bool>();
        var blocking = new List<bool>();
        await lane.For(lane.Bridge.RunAsync(async () =>
        {
            async.Add(Thread.CurrentThread.IsThreadPoolThread);
            await Greenlet.YieldAsync();
            async.Add(Thread.CurrentThread.IsThreadPoolThread);
            await lane.Hub.Spawn(() =>
            {
                blocking.Add(Thread.CurrentThread.IsThreadPoolThread);
                Greenlet.Yield();
                blocking.Add(Thread.CurrentThread.IsThreadPoolThread);
            });
        }), "the code");

        Assert.Equal([true, true], async);
        Assert.Equal([false, false], blocking);
    }

    [Fact]
    public async Task AsyncCodeThatHasBlocked_RunsOnCarriersFromThenOn()
    {
        await using var lane = new HubUnderTest(HubLoop.Scheduler);
        var onPool = new List<bool>();
        async Task Code(bool blocks)
        {
            onPool.Add(Thread.CurrentThread.IsThreadPoolThread);
            if (blocks)
                Greenlet.Yield();
            await Greenlet.YieldAsync();
            onPool.Add(Thread.CurrentThread.IsThreadPoolThread);
        }

        Func<bool, Func<Task>> key = blocks => () => Code(blocks);
        await lane.For(lane.Bridge.RunAsync(key(false)), "a run that does not block");
        await lane.For(lane.Bridge.RunAsync(key(true)), "a run that blocks");
        await lane.For(lane.Bridge.RunAsync(key(false)), "the next run");
        // A carrier that is about to leave may run whatever comes.
        await lane.Until(() => lane.Pool.Busy == 0, "the carrier has left");
        await lane.For(lane.Bridge.RunAsync(async () => await Code(false)), "other code");

        // The key is the delegate: known to block, it is kept off the pool even in runs that happen not to.
        Assert.Equal([true, true, true, false, false, false, true, true], onPool);
    }

    [Fact]
    public async Task AsyncCodeThatHasBlockedInARuntimeWait_RunsOnCarriersFromThenOn()
    {
        await using var lane = new HubUnderTest(HubLoop.Scheduler);
        var onPool = new List<bool>();
        Func<Task> code = async () =>
        {
            onPool.Add(Thread.CurrentThread.IsThreadPoolThread);
            await Greenlet.YieldAsync();
            var gate = new TaskCompletionSource();
            _ = lane.Hub.Spawn(gate.SetResult);
            gate.Task.Wait();
        };
        await lane.For(lane.Bridge.RunAsync(code), "the first run");
        await lane.For(lane.Bridge.RunAsync(code), "the second run");

        Assert.Equal([true, false], onPool);
    }

    [Fact]
    public async Task CustomScheduler_RunsTheAsyncCode()
    {
        var scheduler = new ThreadedScheduler();
        await using var lane = new HubUnderTest(HubLoop.Scheduler, configure: options => options.Scheduler = scheduler);
        var names = await lane.For(lane.Bridge.RunAsync(async () =>
        {
            var first = Thread.CurrentThread.Name;
            // From elsewhere: what is ready on the stack of a segment may go to a carrier.
            await Task.Run(static () => { });
            return (first, TaskScheduler.Current == TaskScheduler.Default || TaskScheduler.Current == scheduler);
        }), "the code");

        Assert.Equal(("custom", true), names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SchedulerThatRunsInlineOrRefuses_BreaksNothing(bool runsInline)
    {
        await using var lane = new HubUnderTest(HubLoop.Scheduler, configure: options => options.Scheduler = runsInline ? new InlineScheduler() : new RefusingScheduler());
        var spawned = await HubUnderTest.OnPlainThread(() =>
        {
            var ran = 0;
            var caller = Environment.CurrentManagedThreadId;
            var greenlet = lane.Hub.Spawn(async () =>
            {
                Assert.NotEqual(caller, Environment.CurrentManagedThreadId);
                await Greenlet.SleepAsync(TimeSpan.FromSeconds(1));
                return Interlocked.Increment(ref ran);
            });
            return greenlet;
        });
        await lane.Until(() => lane.Time.TimerCount > 0, "the timer");
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await lane.For(lane.Bridge.AsTask(spawned), "the value"));

        var gate = new TaskCompletionSource();
        var order = new List<int>();
        var many = Enumerable.Range(0, 50).Select(i => lane.Bridge.RunAsync(async () =>
        {
            await gate.Task;
            order.Add(i);
            Greenlet.Yield();
        })).ToArray();
        gate.SetResult();
        await lane.For(Task.WhenAll(many), "all");
        Assert.Equal(50, order.Count);
    }

    [Fact]
    public async Task Timers_ComeFromTheTimeProvider()
    {
        await using var lane = new HubUnderTest(HubLoop.Scheduler);
        var greenlet = lane.Hub.Spawn(async () => await Greenlet.SleepAsync(TimeSpan.FromSeconds(3)));
        await lane.Until(() => lane.Time.NextDue == TimeSpan.FromSeconds(3), "the timer");
        lane.Time.Advance(TimeSpan.FromSeconds(3));

        await lane.Ended(greenlet);
        await lane.Until(() => lane.Time.TimerCount == 0, "no timer is left");
    }

    private sealed class InlineScheduler : TaskScheduler
    {
        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class RefusingScheduler : TaskScheduler
    {
        protected override void QueueTask(Task task) => throw new InvalidOperationException("closed");

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class ThreadedScheduler : TaskScheduler
    {
        private readonly BlockingCollection<Task> _tasks = [];

        public ThreadedScheduler() => new Thread(() =>
        {
            foreach (var task in _tasks.GetConsumingEnumerable())
                TryExecuteTask(task);
        })
        { IsBackground = true, Name = "custom" }.Start();

        protected override void QueueTask(Task task) => _tasks.Add(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => _tasks;
    }
}
