using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>Monitor.Wait has been pulsed and takes its lock again: what is thrown there the runtime drops, so a kill must come later.</summary>
public sealed class LockTakenAgainTests : HubTests
{
    // Real time: more than a wait must have lasted to be interrupted. If it should be too short, the test sees less; it cannot fail by that.
    private static readonly TimeSpan _whileItWaits = 10 * RuntimeWait.LeastBlocked;

    /// <summary>How the greenlet waits, and what it blocks in afterwards, where a kill reaches it or not at all.</summary>
    public static TheoryData<HubLoop, bool, bool> Scenes { get; } = new MatrixTheoryData<HubLoop, bool, bool>([HubLoop.Threads, HubLoop.Scheduler], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Kill_WhileTheLockIsTakenAgain_IsThrownAtTheNextWait(HubLoop loop, bool isAsync, bool sleeps)
    {
        var hub = StartHub(loop);
        var gate = new object();
        var isPast = false;
        void Body()
        {
            lock (gate)
                Monitor.Wait(gate);
            Volatile.Write(ref isPast, true);
            // On a lent thread a sleep cannot be broken off.
            if (sleeps && Runner.Current!.IsCarrier)
                SleepLong();
            else
                new ManualResetEventSlim().Wait();
        }

        var victim = isAsync
            ? hub.Spawn(() =>
            {
                Body();
                return Task.CompletedTask;
            })
            : hub.Spawn(Body);
        Waits(victim);

        lock (gate)
        {
            Monitor.PulseAll(gate);
            Deadline.Wait(() => WaitText(hub).Contains("lock", StringComparison.Ordinal), "the victim to want its lock again", () => hub.Snapshot().ToString());
            victim.Kill();
            SpinWait.SpinUntil(static () => false, _whileItWaits);
            Assert.Equal(GreenletStatus.Waiting, victim.Status);
        }

        Ends(victim);
        Assert.Equal((GreenletStatus.Killed, true), (victim.Status, Volatile.Read(ref isPast)));
    }

    [Fact]
    public void Hook_ThrowsWhileTheLockIsTakenAgain_TheRuntimeDropsIt()
    {
        // Why it is so. If this fails, a newer runtime throws it, and kills need not be held back there any more.
        var gate = new object();
        var hook = new Throwing();
        Exception? error = null;
        var thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(hook);
            try
            {
                lock (gate)
                    Monitor.Wait(gate);
            }
            catch (Exception e)
            {
                error = e;
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(null);
            }
        });
        thread.Start();
        Deadline.Wait(() => hook.Calls == 1, "the wait");
        lock (gate)
        {
            Monitor.PulseAll(gate);
            Deadline.Wait(() => hook.Calls > 1, "the wait for the lock");
        }

        Deadline.Wait(thread, "the thread");
        Assert.Null(error);
        Assert.True(hook.HasThrown);
    }

    private static string WaitText(Hub hub) => string.Concat(hub.Snapshot().Greenlets.Select(static one => one.WaitingFor));

#pragma warning disable RS0030 // The sleep of the thread is what the kill has to reach
    private static void SleepLong() => Thread.Sleep(TimeSpan.FromMinutes(10));
#pragma warning restore RS0030

    /// <summary>Throws once, out of the second wait that it is told of.</summary>
    private sealed class Throwing : SynchronizationContext
    {
        private int _calls;

        public Throwing() => SetWaitNotificationRequired();

        public int Calls => Volatile.Read(ref _calls);

        public bool HasThrown { get; private set; }

        public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
        {
            if (Interlocked.Increment(ref _calls) != 2)
                return WaitHelper(waitHandles, waitAll, millisecondsTimeout);
            HasThrown = true;
            throw new InvalidTimeZoneException("The test's own.");
        }
    }
}
