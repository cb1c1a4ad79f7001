using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What is over is not kept: waits, limits of time and their scopes, greenlets that were killed before their time.</summary>
public sealed class KeptNoLongerTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void AGreenletWithATime_KilledBefore_IsNotKept(HubLoop loop)
    {
        var hub = StartHub(loop);
        var killed = KillBeforeItsTime(hub);

        Deadline.Wait(() => IsCollected(hub, killed), "the greenlet to be collected", () => hub.Snapshot().ToString());
    }

    [Fact]
    public void ALimitOfTime_OffAGreenlet_Stopped_IsNotKept()
    {
        var stopped = StopOffAGreenlet();

        Deadline.Wait(
            () =>
            {
                GC.Collect();
                return !stopped.IsAlive;
            },
            "the limit to be collected");
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void ALimitOfTime_ThrownAndStartedAgain_ItsFirstScopeIsNotKept(HubLoop loop)
    {
        var hub = StartHub(loop);
        var goOn = new GreenletEvent();
        AtEnd(goOn.Set);
        var left = new TaskCompletionSource<WeakReference>();
        var greenlet = hub.Spawn(() =>
        {
            left.SetResult(StartAgain());
            goOn.Wait();
        });
        Deadline.Wait(left.Task, "the limit to be left", () => hub.Snapshot().ToString());

        Deadline.Wait(() => IsCollected(hub, left.Task.Result), "its first scope to be collected", () => hub.Snapshot().ToString());
        Assert.False(greenlet.IsReady);
        goOn.Set();
        Succeeds(greenlet);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void AWaitBesideAnother_IsOver_NothingOfItIsKept(HubLoop loop)
    {
        var hub = StartHub(loop);
        var gate = new TaskCompletionSource();
        var goOn = new GreenletEvent();
        var begun = new TaskCompletionSource<WeakReference>();
        var greenlet = hub.Spawn(async () =>
        {
            var first = goOn.WaitAsync();
            begun.SetResult(AwaitAnother(hub, gate));
            await first;
        });
        Deadline.Wait(begun.Task, "both waits", () => hub.Snapshot().ToString());
        gate.SetResult();

        Deadline.Wait(() => IsCollected(hub, begun.Task.Result), "the other to be collected", () => hub.Snapshot().ToString());
        Assert.False(greenlet.IsReady);
        goOn.Set();
        Succeeds(greenlet);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void ALimitOfTime_LeftBeforeItCouldBeThrown_NothingOfItIsKept(HubLoop loop)
    {
        var hub = StartHub(loop);
        var goOn = new GreenletEvent();
        var left = new TaskCompletionSource<WeakReference>();
        var greenlet = hub.Spawn(() =>
        {
            left.SetResult(LeaveALimit());
            goOn.Wait();
        });
        Deadline.Wait(left.Task, "the limit to be left", () => hub.Snapshot().ToString());

        Deadline.Wait(() => IsCollected(hub, left.Task.Result), "its exception to be collected", () => hub.Snapshot().ToString());
        Assert.False(greenlet.IsReady);
        goOn.Set();
        Succeeds(greenlet);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void ALimitOfTime_Stopped_ItsScopeIsNotKept(HubLoop loop)
    {
        var hub = StartHub(loop);
        var goOn = new GreenletEvent();
        var left = new TaskCompletionSource<WeakReference>();
        var greenlet = hub.Spawn(() =>
        {
            left.SetResult(StopALimit());
            goOn.Wait();
        });
        Deadline.Wait(left.Task, "the limit to be stopped", () => hub.Snapshot().ToString());

        Deadline.Wait(() => IsCollected(hub, left.Task.Result), "its scope to be collected", () => hub.Snapshot().ToString());
        Assert.False(greenlet.IsReady);
        goOn.Set();
        Succeeds(greenlet);
    }

    // Not inlined: the caller's frame must keep nothing of it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference KillBeforeItsTime(Hub hub)
    {
        var greenlet = hub.SpawnLater(TimeSpan.FromHours(1), static () => { });
        Assert.True(greenlet.Kill());
        return new WeakReference(greenlet);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StopOffAGreenlet()
    {
        using var limit = GreenletTimeout.StartAnywhere(TimeSpan.FromHours(1));
        return new WeakReference(limit);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StartAgain()
    {
        using var limit = new GreenletTimeout(TimeSpan.Zero);
        var first = StartAndWait(limit);
        // Takes the place of the first, which its greenlet keeps in mind as the last that was thrown
        StartAndWait(limit);
        // Stopped before it is up: the hub has not come round
        limit.Start();
        return first;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StartAndWait(GreenletTimeout limit)
    {
        limit.Start();
        var scope = new WeakReference(FlowScope.Current);
        Assert.Throws<GreenletTimeoutException>(static () => Greenlet.Sleep(Timeout.Infinite));
        return scope;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AwaitAnother(Hub hub, TaskCompletionSource gate)
    {
        var other = hub.Spawn(async () => await gate.Task);
        _ = other.JoinAsync();
        return new WeakReference(other);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LeaveALimit()
    {
        var error = new TimeoutException("The test's own.");
        using (Greenlet.Shield())
        using (var limit = GreenletTimeout.Start(TimeSpan.Zero, error))
        {
            var token = limit.Token;
            while (!token.IsCancellationRequested)
                Greenlet.Yield();
        }

        return new WeakReference(error);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StopALimit()
    {
        using (GreenletTimeout.Start(TimeSpan.FromHours(1)))
            return new WeakReference(FlowScope.Current);
    }
}
