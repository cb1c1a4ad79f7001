using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>A greenlet that lives on keeps nothing of its waits and limits of time that are over.</summary>
public sealed class WhatIsLeftTests : HubTests
{
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

    private static bool IsCollected(Hub hub, WeakReference reference)
    {
        // Code that is not optimized keeps what it ran last in its frames: it is given something else.
        hub.Spawn(static () => { }).Join();
        GC.Collect();
        return !reference.IsAlive;
    }
}
