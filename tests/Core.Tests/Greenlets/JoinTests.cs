using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Waiting for one greenlet's end, by those who come late and those who leave early.</summary>
public sealed class JoinTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public async Task Join_ItHasEnded_IsTrueWhateverTheLimit(HubLoop loop)
    {
        var greenlet = StartHub(loop).Spawn(static () => 1);
        Ends(greenlet);

        Assert.True(greenlet.Join());
        Assert.True(greenlet.Join(TimeSpan.Zero));
        Assert.True(greenlet.Join(null, new CancellationToken(canceled: true)));
        Assert.True(await greenlet.JoinAsync());
        Assert.True(await greenlet.JoinAsync(TimeSpan.Zero));
        Assert.True(await greenlet.JoinAsync(null, new CancellationToken(canceled: true)));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task JoinAsync_OnlyALook_DoesNotWait(HubLoop loop)
    {
        var hub = StartHub(loop);
        var gate = new TaskCompletionSource();
        var greenlet = hub.Spawn(async () => await gate.Task);
        Waits(greenlet);

        Assert.False(await Deadline.For(greenlet.JoinAsync(TimeSpan.Zero), "the look", () => hub.Snapshot().ToString()));
        Assert.False(Gives(hub.Spawn(() => greenlet.JoinAsync(TimeSpan.Zero))));
        Assert.False(greenlet.Join(TimeSpan.Zero));
        gate.SetResult();
        Ends(greenlet);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Wait_WithATokenThatLivesOn_TheTokenKeepsNothingOfIt(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var source = new CancellationTokenSource();
        WeakReference[] ended = [BlockAndEnd(hub, source.Token), AwaitAndEnd(hub, source.Token)];

        Deadline.Wait(() => Array.TrueForAll(ended, reference => IsCollected(hub, reference)), "the greenlets to be collected", () => hub.Snapshot().ToString());
        Assert.False(source.IsCancellationRequested);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Join_OfAThreadWithoutLimit_WaitsForTheEnd(HubLoop loop)
    {
        var hub = StartHub(loop);
        var gate = new TaskCompletionSource();
        var greenlet = hub.Spawn(async () => await gate.Task);
        var joined = new TaskCompletionSource<bool>();
        var thread = new Thread(() => joined.SetResult(greenlet.Join(Timeout.InfiniteTimeSpan))) { IsBackground = true };
        thread.Start();
        Deadline.Wait(() => joined.Task.IsCompleted || IsAsleep(thread), "the thread to wait", () => hub.Snapshot().ToString());

        Assert.False(joined.Task.IsCompleted);
        gate.SetResult();
        Deadline.Wait(joined.Task, "the join", () => hub.Snapshot().ToString());
        Assert.True(joined.Task.Result);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Await_WhoAwaitsIsKilled_TheAwaitedOneKeepsNothingOfIt(HubLoop loop)
    {
        var hub = StartHub(loop);
        var gate = new TaskCompletionSource();
        var awaited = hub.Spawn(async () => await gate.Task);

        var killed = AwaitAndKill(hub, awaited);

        Deadline.Wait(() => IsCollected(hub, killed), "the killed greenlet to be collected", () => hub.Snapshot().ToString());
        gate.SetResult();
        Succeeds(awaited);
    }

    // Not inlined: the caller's frame must keep nothing of it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AwaitAndKill(Hub hub, Greenlet awaited)
    {
        var killed = hub.Spawn(async () => await awaited);
        Waits(killed);
        killed.Kill();
        Ends(killed);
        return new WeakReference(killed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference BlockAndEnd(Hub hub, CancellationToken token)
    {
        var gate = new GreenletEvent();
        var greenlet = hub.Spawn(() => gate.Wait(null, token));
        Waits(greenlet);
        gate.Set();
        Succeeds(greenlet);
        return new WeakReference(greenlet);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AwaitAndEnd(Hub hub, CancellationToken token)
    {
        var gate = new GreenletEvent();
        var greenlet = hub.Spawn(async () => await gate.WaitAsync(null, token));
        Waits(greenlet);
        gate.Set();
        Succeeds(greenlet);
        return new WeakReference(greenlet);
    }
}
