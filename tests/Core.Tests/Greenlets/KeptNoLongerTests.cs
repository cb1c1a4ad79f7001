using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What was stopped before its time is not kept until its time would have come.</summary>
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

    private static bool IsCollected(Hub hub, WeakReference reference)
    {
        // Code that is not optimized keeps what it ran last in its frames: it is given something else.
        hub.Spawn(static () => { }).Join();
        GC.Collect();
        return !reference.IsAlive;
    }
}
