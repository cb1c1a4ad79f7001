using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

#pragma warning disable RS0030 // Thread.Sleep is what the kill has to reach.

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>A greenlet with several stacks at once: what it has posted to its own context runs while others of it wait, sleep, or are over.</summary>
public sealed class SeveralStacksTests : HubTests
{
    private static readonly TimeSpan _forever = TimeSpan.FromMinutes(10);

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_TheSecondOfThreeSleeps_IsReached(HubLoop loop)
    {
        var hub = StartHub(loop);
        var goOn = new GreenletEvent();
        var broken = new TaskCompletionSource();
        SynchronizationContext? context = null;
        Thread? sleeper = null;
        var computes = false;
        AtEnd(goOn.Set);
        var victim = hub.Spawn(() =>
        {
            Volatile.Write(ref context, SynchronizationContext.Current);
            goOn.Wait();
        });
        Waits(victim);
        context!.Post(
            _ =>
            {
                Volatile.Write(ref sleeper, Thread.CurrentThread);
                SleepsUntil(broken);
            },
            null);
        // The watchdog takes the hub from the sleeper for it
        context.Post(
            _ =>
            {
                Volatile.Write(ref computes, true);
                Computes(() => broken.Task.IsCompleted);
            },
            null);
        Deadline.Wait(() => Volatile.Read(ref computes) && IsAsleep(Volatile.Read(ref sleeper)), "all three", () => hub.Snapshot().ToString());

        victim.Kill();

        Deadline.Wait(broken.Task, "the sleep to be broken", () => hub.Snapshot().ToString());
        goOn.Set();
        Succeeds(victim);
    }

    [Fact]
    public void Kill_TheSecondSleepsWhenTheFirstIsOver_IsReached()
    {
        // On the engine's threads alone: no other is interrupted
        var hub = StartHub();
        var goOn = new TaskCompletionSource();
        var broken = new TaskCompletionSource();
        Runner? first = null;
        Thread? sleeper = null;
        AtEnd(() => goOn.TrySetResult());
        var victim = hub.Spawn(async () =>
        {
            Volatile.Write(ref first, Runner.Current);
            SynchronizationContext.Current!.Post(
                _ =>
                {
                    Volatile.Write(ref sleeper, Thread.CurrentThread);
                    SleepsUntil(broken);
                },
                null);
            // Whoever spins in this way sleeps now and then: the watchdog takes the hub from it, and what was posted runs
            SpinWait.SpinUntil(() => IsAsleep(Volatile.Read(ref sleeper)), Deadline.Default);
            await goOn.Task;
        });
        Deadline.Wait(() => Volatile.Read(ref first)?.Segment == SegmentState.InHub && IsAsleep(Volatile.Read(ref sleeper)), "the first to be over", () => hub.Snapshot().ToString());
        Assert.Equal(GreenletStatus.Running, victim.Status);

        victim.Kill();

        Deadline.Wait(broken.Task, "the sleep to be broken", () => hub.Snapshot().ToString());
        goOn.SetResult();
        Succeeds(victim);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Status_TheSecondCameAndWentWhileTheFirstWaits_IsWaiting(HubLoop loop)
    {
        var hub = StartExclusive(loop);
        var goOn = new GreenletEvent();
        SynchronizationContext? context = null;
        var greenlet = hub.Spawn(() =>
        {
            Volatile.Write(ref context, SynchronizationContext.Current);
            goOn.Wait();
        });
        Waits(greenlet);

        var during = GreenletStatus.Created;
        context!.Post(_ => during = greenlet.Status, null);
        // One at a time: what was posted is over when this runs
        Succeeds(hub.Spawn(static () => { }));

        Assert.Equal((GreenletStatus.Running, GreenletStatus.Waiting), (during, greenlet.Status));
        goOn.Set();
        Succeeds(greenlet);
    }

    [Theory]
    [InlineData(HubLoop.Threads, true)]
    [InlineData(HubLoop.Threads, false)]
    [InlineData(HubLoop.Scheduler, true)]
    [InlineData(HubLoop.Scheduler, false)]
    public void End_WhileTheSecondWaits_ThatGoesOnAfterwards(HubLoop loop, bool isPosted)
    {
        var hub = StartExclusive(loop);
        var goOn = new GreenletEvent();
        var past = new TaskCompletionSource();
        var greenlet = hub.Spawn(() =>
        {
            var begun = false;
            if (isPosted)
                SynchronizationContext.Current!.Post(_ => Stays(), null);
            else
                _ = StaysAfterATurn();
            while (!Volatile.Read(ref begun))
                Greenlet.Yield();

            void Stays()
            {
                Volatile.Write(ref begun, true);
                goOn.Wait();
                past.SetResult();
            }

            async Task StaysAfterATurn()
            {
                await Greenlet.YieldAsync();
                Stays();
            }
        });
        Succeeds(greenlet);
        Assert.False(past.Task.IsCompleted);

        goOn.Set();

        Deadline.Wait(past.Task, "the second to go on", () => hub.Snapshot().ToString());
    }

    private static void SleepsUntil(TaskCompletionSource broken)
    {
        try
        {
            Thread.Sleep(_forever);
        }
        catch (ThreadInterruptedException)
        {
            broken.SetResult();
        }
    }

    private static bool IsAsleep(Thread? thread) => thread?.ThreadState.HasFlag(ThreadState.WaitSleepJoin) == true;
}
