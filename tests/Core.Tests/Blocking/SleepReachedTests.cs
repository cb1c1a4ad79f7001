using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

#pragma warning disable RS0030 // Thread.Sleep is what the kill has to reach, or to leave alone.

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>A kill that comes before the sleep that it has to break off: nothing shows that sleep, so the kill has to look again.</summary>
public sealed class SleepReachedTests : HubTests
{
    private static readonly TimeSpan _forever = TimeSpan.FromMinutes(10);

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_WhileItComputes_TheSleepAfterItIsReached(HubLoop loop)
    {
        var (computes, isKilled) = (false, false);
        var victim = StartHub(loop).Spawn(() =>
        {
            Volatile.Write(ref computes, true);
            Computes(() => Volatile.Read(ref isKilled));
            Thread.Sleep(_forever);
        });
        Deadline.Wait(() => Volatile.Read(ref computes), "it computes", () => $"{victim.Hub?.Snapshot()}");

        victim.Kill();
        Volatile.Write(ref isKilled, true);

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_InAShield_TheSleepAfterItIsReached(HubLoop loop)
    {
        var (isShielded, isKilled, isPast) = (false, false, false);
        var victim = StartHub(loop).Spawn(() =>
        {
            using (Greenlet.Shield())
            {
                Volatile.Write(ref isShielded, true);
                Computes(() => Volatile.Read(ref isKilled));
                isPast = true;
            }

            Thread.Sleep(_forever);
        });
        Deadline.Wait(() => Volatile.Read(ref isShielded), "the shield", () => $"{victim.Hub?.Snapshot()}");

        victim.Kill();
        Volatile.Write(ref isKilled, true);

        Ends(victim);
        Assert.True(isPast);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_SleepsAgainAfterALimitBrokeASleep_IsReached(HubLoop loop)
    {
        Thread? thread = null;
        var victim = StartHub(loop).Spawn(() =>
        {
            using (var limit = GreenletTimeout.Start(TimeSpan.FromMilliseconds(10)))
            {
                var error = Record.Exception(static () => Thread.Sleep(_forever));
                Assert.True(limit.IsCauseOf(Assert.IsAssignableFrom<Exception>(error)), $"{error}");
            }

            Volatile.Write(ref thread, Thread.CurrentThread);
            Thread.Sleep(_forever);
        });
        Deadline.Wait(() => IsAsleep(Volatile.Read(ref thread)), "the second sleep", () => $"{victim.Hub?.Snapshot()}");

        victim.Kill();

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Fact]
    public void Kill_AsyncCodeSleepsOnAThreadOfThePool_IsKilledAtItsNextWaitAndNotBefore()
    {
        Thread? thread = null;
        var (isPast, isPastNext) = (false, false);
        var victim = StartHub(HubLoop.Scheduler).Spawn(async () =>
        {
            Volatile.Write(ref thread, Thread.CurrentThread);
            // Long enough that a thread which is not to be interrupted is looked at many times
            Thread.Sleep(500);
            isPast = Thread.CurrentThread.IsThreadPoolThread;
            await Greenlet.SleepAsync(_forever);
            isPastNext = true;
        });
        Deadline.Wait(() => IsAsleep(Volatile.Read(ref thread)), "the sleep", () => $"{victim.Hub?.Snapshot()}");

        victim.Kill();

        Ends(victim);
        Assert.True(isPast);
        Assert.False(isPastNext);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    /// <summary>Every wait of the runtime's begins with a few sleeps of no time. Out of them its own exception would come, which who waits does not expect.</summary>
    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_InSleepsOfNoTime_IsThrownAtTheWaitThatFollows(HubLoop loop)
    {
        Assert.SkipUnless(ThreadProbe.Shared.SeesKernel, "The system does not show which threads sleep.");
        var (spins, wasLookedFor, isPast) = (false, false, false);
        Exception? thrown = null;
        var never = new TaskCompletionSource();
        var victim = StartHub(loop).Spawn(() =>
        {
            try
            {
                Volatile.Write(ref spins, true);
                while (!Volatile.Read(ref wasLookedFor))
                    Thread.Sleep(0);
                isPast = true;
                never.Task.Wait();
            }
            catch (Exception e)
            {
                thrown = e;
                throw;
            }
        });
        Deadline.Wait(() => Volatile.Read(ref spins), "the spin", () => $"{victim.Hub?.Snapshot()}");

        victim.Kill();
        // Looked for every 10 ms, and nearly every look finds it in such a sleep
        Thread.Sleep(200);
        Volatile.Write(ref wasLookedFor, true);

        Ends(victim);
        Assert.IsType<GreenletExitException>(thrown);
        Assert.True(isPast);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }
}
