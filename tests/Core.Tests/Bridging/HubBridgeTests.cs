using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Bridging;

/// <summary>The normal path of each conversion; the full table is the conformance suite's.</summary>
public sealed class HubBridgeTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public async Task RunAsync_EachForm_RunsOnTheHubAndGivesTheValue(HubLoop loop)
    {
        var hub = StartHub(loop);
        Hub? seen = null;

        await Deadline.For(hub.Bridge.RunAsync(() => { seen = Hub.Current; }), "RunAsync(Action)", () => hub.Snapshot().ToString());
        Assert.Same(hub, seen);
        Assert.Equal(1, await Deadline.For(hub.Bridge.RunAsync(() => Blocking(1)), "RunAsync(Func<T>)", () => hub.Snapshot().ToString()));
        await Deadline.For(hub.Bridge.RunAsync(async () => { await Greenlet.YieldAsync(); }), "RunAsync(Func<Task>)", () => hub.Snapshot().ToString());
        Assert.Equal(2, await Deadline.For(hub.Bridge.RunAsync(() => Asynchronous(2)), "RunAsync(Func<Task<T>>)", () => hub.Snapshot().ToString()));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task SyncToAsyncAndBack_NestedDeep_EndsOnOneHub(HubLoop loop)
    {
        var hub = StartExclusive(loop);
        var bridge = hub.Bridge;

        async Task<int> Async(int depth) => depth == 0 ? 0 : 1 + await bridge.SyncToAsync(() => Sync(depth - 1))();
        int Sync(int depth) => depth == 0 ? 0 : 1 + bridge.AsyncToSync(() => Async(depth - 1))();

        Assert.Equal(20, await Deadline.For(Async(20), "the nesting", () => hub.Snapshot().ToString()));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task AsTaskAndAsGreenlet_OfEachOther_CarryTheValueAndTheError(HubLoop loop)
    {
        var hub = StartHub(loop);
        var error = new FormatException("the test's own");

        Assert.Equal(3, await Deadline.For(hub.Bridge.AsTask(hub.Create(() => Blocking(3))), "the Task", () => hub.Snapshot().ToString()));
        Assert.Same(error, await Assert.ThrowsAsync<FormatException>(() => hub.Bridge.AsTask(hub.Spawn(() => throw error))));

        var greenlet = hub.Bridge.AsGreenlet(Task.Run(static () => 4));
        Assert.Equal(GreenletStatus.Created, greenlet.Status);
        greenlet.Start();
        Assert.Equal(4, Gives(greenlet));
        var failing = hub.Bridge.AsGreenlet(_ => Task.FromException(error));
        failing.Start();
        Assert.Same(error, Assert.Throws<FormatException>(() => failing.Get(Deadline.Default)));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task RunAsync_ItsOwnCodeCancelsTheToken_IsToldAtOnceAndEndsAtItsNextWait(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var source = new CancellationTokenSource();
        using var registered = new ManualResetEventSlim();
        var (wasTold, isPast) = (false, false);

        var task = hub.Bridge.RunAsync(
            () =>
            {
                registered.Wait();
                var told = Greenlet.Current!.KillToken;
                source.Cancel();
                wasTold = told.IsCancellationRequested;
                Greenlet.Sleep(Timeout.Infinite);
                isPast = true;
            },
            source.Token);
        registered.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.For(task, "the Task", () => hub.Snapshot().ToString()));
        Assert.True(wasTold);
        Assert.False(isPast);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task RunAsync_TokenIsCancelled_EndsTheTaskWhenTheGreenletHasEnded(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var source = new CancellationTokenSource();
        using var cleanup = new ManualResetEventSlim();
        using var cleaning = new ManualResetEventSlim();
        var task = hub.Bridge.RunAsync(
            () =>
            {
                try
                {
                    new ManualResetEventSlim().Wait();
                }
                finally
                {
                    cleaning.Set();
                    cleanup.Wait();
                }
            },
            source.Token);
        Deadline.Wait(() => hub.Snapshot().Waiting == 1, "the greenlet to wait", () => hub.Snapshot().ToString());

        await source.CancelAsync();
        Comes(cleaning, "the kill", hub);
        Assert.False(task.IsCompleted);
        cleanup.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.For(task, "the Task", () => hub.Snapshot().ToString()));
        Assert.True(task.IsCanceled);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task SyncToAsync_ManyAtOnce_AllEnd(HubLoop loop)
    {
        var group = StartGroup(2, loop);
        var work = group.Bridge.SyncToAsync((int value) => Blocking(value));

        var values = await Deadline.For(
            Task.WhenAll(Enumerable.Range(0, 2_000).Select(value => work(value))),
            "the Tasks",
            () => string.Join(Environment.NewLine, group.Hubs.Select(static hub => hub.Snapshot())));

        Assert.Equal(Enumerable.Range(0, 2_000), values);
    }

    private static int Blocking(int value)
    {
        Greenlet.Yield();
        return Task.Run(() => value).Result;
    }

    private static async Task<int> Asynchronous(int value)
    {
        await Greenlet.YieldAsync();
        await Task.Yield();
        return value;
    }
}
