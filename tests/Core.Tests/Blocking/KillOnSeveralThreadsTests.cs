using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

#pragma warning disable RS0030 // Thread.Sleep is what the kill has to reach.

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>Code of one greenlet on several threads: what it posts to its own context runs on another while its stack waits, or blocks where the hook does not see it.</summary>
public sealed class KillOnSeveralThreadsTests : HubTests
{
    private static readonly TimeSpan _forever = TimeSpan.FromMinutes(10);

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_SleepsAfterItWaitedForCodeOfItsOwn_IsReached(HubLoop loop)
    {
        var threads = new int[2];
        var hasWaited = false;
        var victim = StartHub(loop).Spawn(() =>
        {
            threads[0] = Environment.CurrentManagedThreadId;
            // Sync over async, the everyday one: the second half is posted here, and runs while this waits.
            GoesOn(() => threads[1] = Environment.CurrentManagedThreadId).Wait();
            Volatile.Write(ref hasWaited, true);
            Thread.Sleep(_forever);
        });
        Deadline.Wait(() => Volatile.Read(ref hasWaited) && Sleeps(victim), "the sleep", () => $"{victim.Hub?.Snapshot()}");
        Assert.NotEqual(threads[0], threads[1]);

        victim.Kill();

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_SleepsWhileCodeOfItsOwnCameAndWent_IsReached(HubLoop loop)
    {
        SynchronizationContext? context = null;
        var victim = StartHub(loop).Spawn(() =>
        {
            Volatile.Write(ref context, SynchronizationContext.Current);
            Thread.Sleep(_forever);
        });
        Deadline.Wait(() => Volatile.Read(ref context) is not null, "the context");
        // The watchdog takes the hub from the sleeper for it.
        var posted = new TaskCompletionSource();
        context!.Post(_ => posted.SetResult(), null);
        Deadline.Wait(posted.Task, "what was posted", () => $"{victim.Hub?.Snapshot()}");
        Deadline.Wait(() => victim.Status == GreenletStatus.Running, "the sleeper to be told from those who wait", () => $"{victim.Hub?.Snapshot()}");

        victim.Kill();

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_SleepsWhileCodeOfItsOwnComputes_IsReached(HubLoop loop)
    {
        SynchronizationContext? context = null;
        var computes = false;
        var victim = StartHub(loop).Spawn(() =>
        {
            Volatile.Write(ref context, SynchronizationContext.Current);
            Thread.Sleep(_forever);
        });
        Deadline.Wait(() => Volatile.Read(ref context) is not null, "the context");
        context!.Post(
            _ =>
            {
                Volatile.Write(ref computes, true);
                Computes(() => victim.IsReady);
            },
            null);
        Deadline.Wait(() => Volatile.Read(ref computes), "what was posted", () => $"{victim.Hub?.Snapshot()}");

        victim.Kill();

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_SleepsAndHasAWaitThatItDoesNotAwait_IsReached(HubLoop loop)
    {
        Thread? thread = null;
        var victim = StartHub(loop).Spawn(() =>
        {
            _ = Greenlet.SleepAsync(_forever);
            Volatile.Write(ref thread, Thread.CurrentThread);
            Thread.Sleep(_forever);
        });
        Deadline.Wait(() => IsAsleep(Volatile.Read(ref thread)), "the sleep");

        victim.Kill();

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

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

    private static async Task GoesOn(Action code)
    {
        await Task.Yield();
        code();
    }

    // Running, for the hub: nothing shows it.
    private static bool Sleeps(Greenlet greenlet) =>
        greenlet.Status == GreenletStatus.Running && greenlet.Hub!.Snapshot().Greenlets.Any(one => one.Id == greenlet.Id && one.WaitingFor is null);
}
