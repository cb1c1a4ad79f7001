using System.Collections.Concurrent;

namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>The ValueTask of an awaited wait, in all the ways in which code may treat it.</summary>
public sealed class AwaitingTests
{
    private static readonly AsyncLocal<string?> _local = new();

    [Theory, Loops]
    public async Task ConfigureAwaitFalse_LeavesTheGreenlet(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var e = new GreenletEvent();
        var waiter = lane.Hub.Spawn(async () =>
        {
            await e.WaitAsync().ConfigureAwait(false);
            return $"{Greenlet.Current is null} {SynchronizationContext.Current is null} {Thread.CurrentThread.IsThreadPoolThread}";
        });
        await lane.Until(() => waiter.Status == GreenletStatus.Waiting, "it waits");
        e.Set();
        Assert.Equal("True True True", await lane.ValueOf(waiter));
    }

    [Theory, Loops]
    public async Task ResultBeforeTheEnd_BlocksForIt_OnAGreenletCooperatively(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>();
#pragma warning disable CA2012, VSTHRD002 // What is under test: code that asks for the result instead of awaiting it
        var greenlet = lane.Hub.Spawn(() => queue.GetAsync().Result);
        var async = lane.Hub.Spawn(() => Task.FromResult(queue.GetAsync().GetAwaiter().GetResult()));
        var thread = HubUnderTest.OnPlainThread(() => queue.GetAsync().AsTask().Result);
#pragma warning restore CA2012, VSTHRD002
        // Others run meanwhile.
        for (var i = 1; i <= 3; i++)
            await lane.OnHub(() => queue.Put(i));
        int[] values = [await lane.ValueOf(greenlet), (int)await lane.ValueOf(async), await Deadline.For(thread, "the thread")];
        Assert.Equal([1, 2, 3], values.Order());
    }

    [Fact]
    public void AwaitedTwiceAtOnce_IsAnErrorThatNamesTheFix()
    {
        var e = new GreenletEvent();
#pragma warning disable CA2012 // What is under test
        var wait = e.WaitAsync();
        wait.GetAwaiter().OnCompleted(static () => { });
        var error = Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().OnCompleted(static () => { }));
#pragma warning restore CA2012
        Assert.Contains("AsTask()", error.Message, StringComparison.Ordinal);
    }

    [Theory, Loops]
    public async Task NeverAwaited_EndsByItself_AndLeavesNoTrace(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var semaphore = new GreenletSemaphore(0);
        var e = new GreenletEvent();
        var forgetful = lane.Hub.Spawn(async () =>
        {
#pragma warning disable CA2012 // What is under test
            _ = semaphore.AcquireAsync();
            _ = semaphore.TryAcquireAsync(TimeSpan.FromSeconds(1));
#pragma warning restore CA2012
            await e.WaitAsync();
        });
        await lane.Until(() => forgetful.Status == GreenletStatus.Waiting, "it waits");
        // It is said to wait from its first wait on, which it does not await.
        await lane.Settle();
        semaphore.Release();
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        // The first turn ends the wait, and the second one knows of it.
        await lane.Until(() => lane.Time.TimerCount == 0, "the time to be up");
        await lane.Settle();
        await lane.Settle();
        Assert.Equal(0, semaphore.Count);
        Assert.Equal(0, lane.Time.TimerCount);
        Traces.AssertNone(semaphore);
        e.Set();
        await lane.Ended(forgetful);
        Assert.Equal(GreenletStatus.Completed, forgetful.Status);
    }

    [Theory, Loops]
    public async Task AwaitedByAnother_GoesOnThere(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        await using var other = Waiting.Lane(loop);
        var e = new GreenletEvent();
        var handed = new TaskCompletionSource<ValueTask<bool>>();
        var end = new GreenletEvent();
        var begins = lane.Hub.Spawn(async () =>
        {
#pragma warning disable CA2012 // What is under test: it is awaited once, elsewhere
            handed.SetResult(e.WaitAsync());
#pragma warning restore CA2012
            await end.WaitAsync();
        });
        var awaits = other.Hub.Spawn(async () =>
        {
            var wait = await handed.Task;
            await wait;
            return Hub.Current;
        });
        await other.Until(() => awaits.Status == GreenletStatus.Waiting && handed.Task.IsCompleted, "it waits");
        await other.Settle();
        await lane.OnHub(e.Set);
        Assert.Same(other.Hub, await other.ValueOf(awaits));
        end.Set();
        await lane.Ended(begins);
    }

    [Theory, Loops]
    public async Task ManyAtOnceAsTasks_AreAllKilled(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var semaphore = new GreenletSemaphore(0);
        var victim = lane.Hub.Spawn(async () => await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => semaphore.AcquireAsync().AsTask())));
        await lane.Until(() => victim.Status == GreenletStatus.Waiting, "it waits");
        victim.Kill();
        await lane.Ended(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
        semaphore.Release(5);
        Assert.Equal(5, semaphore.Count);
    }

    [Theory, Loops]
    public async Task KilledWhileItBeginsMany_AllAreKilled(HubLoop loop)
    {
        const int Waits = 50;
        await using var lane = Waiting.Lane(loop);
        for (var i = 0; i < 100; i++)
        {
            var semaphore = new GreenletSemaphore(0);
            var victim = lane.Hub.Spawn(async () => await Task.WhenAll(Enumerable.Range(0, Waits).Select(_ => semaphore.AcquireAsync().AsTask())));
            // In the middle, as a rule: the killer and those that begin later then race for the kill.
            SpinWait.SpinUntil(() => victim.Status is GreenletStatus.Waiting, Deadline.Default);
            Thread.SpinWait(Random.Shared.Next(300));
            victim.Kill();
            await lane.Ended(victim);
        }
    }

    [Fact]
    public async Task WithAContextOfTheUsers_GoesOnInIt_AndWithoutOnThePool()
    {
        using var context = new OneThreadContext();
        var e = new GreenletEvent();
        var inContext = context.Run(async () =>
        {
            await e.WaitAsync();
            return SynchronizationContext.Current == context;
        });
        var without = Task.Run(async () =>
        {
            await e.WaitAsync();
            return Thread.CurrentThread.IsThreadPoolThread && SynchronizationContext.Current is null;
        });
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var inScheduler = Task.Factory.StartNew(
            async () =>
            {
                await e.WaitAsync();
                return TaskScheduler.Current == scheduler;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler).Unwrap();
        await Task.Yield();
        await HubUnderTest.OnPlainThread(() =>
        {
            e.Set();
            return 0;
        });
        Assert.True(await Deadline.For(inContext, "the context"));
        Assert.True(await Deadline.For(without, "the pool"));
        Assert.True(await Deadline.For(inScheduler, "the scheduler"));
    }

    [Theory, Loops]
    public async Task OnCompleted_FlowsTheContext_OnTheHubAndBesideIt(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var e = new GreenletEvent();
        var seen = new ConcurrentQueue<string?>();
        var greenlet = lane.Hub.Spawn(async () =>
        {
            _local.Value = "flows";
            var both = new CountdownEvent(2);
            void Note()
            {
                seen.Enqueue(_local.Value);
                both.Signal();
            }

#pragma warning disable CA2012 // Awaiters used as libraries do
            e.WaitAsync().GetAwaiter().OnCompleted(Note);
            e.WaitAsync().ConfigureAwait(false).GetAwaiter().OnCompleted(Note);
#pragma warning restore CA2012
            _local.Value = "later";
            await Greenlet.YieldAsync();
            e.Set();
            both.Wait();
        });
        await lane.Ended(greenlet);
        Assert.Equal(["flows", "flows"], seen);
    }

    private sealed class OneThreadContext : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Code, object? State)> _posts = [];

        public Task<T> Run<T>(Func<Task<T>> code)
        {
            var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            new Thread(() =>
            {
                SetSynchronizationContext(this);
                var task = code();
                task.ContinueWith(_ => _posts.CompleteAdding(), TaskScheduler.Default);
                foreach (var (post, state) in _posts.GetConsumingEnumerable())
                    post(state);
                task.ContinueWith(ended => result.SetFromTask(ended), TaskScheduler.Default);
            })
            { IsBackground = true }.Start();
            return result.Task;
        }

        public override void Post(SendOrPostCallback d, object? state) => _posts.Add((d, state));

        public void Dispose() => _posts.Dispose();
    }
}
