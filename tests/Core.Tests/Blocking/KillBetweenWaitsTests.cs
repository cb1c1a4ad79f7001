using System.Runtime.CompilerServices;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>A kill that comes when its greenlet neither waits nor runs, as the killer sees it: what blocks next is reached, even if the hook does not see it.</summary>
public sealed class KillBetweenWaitsTests : HubTests
{
    private static readonly TimeSpan _forever = TimeSpan.FromMinutes(10);

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_TheWaitWasOverWhenItWasReached_TheSleepThatFollowsIsReached(HubLoop loop)
    {
        // Stands for the killer who saw the wait, and did not see it any more when it came to it.
        var wait = new OverWait();
        var killed = false;
        var victim = StartHub(loop).Spawn(() =>
        {
            var self = (IWaitOwner)Greenlet.Current!;
            var runner = Runner.Current!;
            runner.LeaveUserCode();
            self.AddWait(wait);
            self.NoteWaiting();
            Computes(() => Volatile.Read(ref killed));
            self.RemoveWait(wait);
            self.EnterUserCode(runner);
            SleepThread(_forever);
        });
        Waits(victim);

        victim.Kill();
        Volatile.Write(ref killed, true);

        Ends(victim);
        Assert.Equal((GreenletStatus.Killed, 1), (victim.Status, wait.Asked));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_StatusNotYetRunning_TheSleepThatFollowsIsReached(HubLoop loop)
    {
        // Its wait is in no list any more, but it is not said yet that it runs: nothing to reach for the killer.
        var victim = StartHub(loop).Spawn(static () =>
        {
            var self = Greenlet.Current!;
            var runner = Runner.Current!;
            runner.LeaveUserCode();
            ((IWaitOwner)self).NoteWaiting();
            OnAnotherThread(() => self.Kill());
            ((IWaitOwner)self).RemoveWait(new OverWait());
            ((IWaitOwner)self).EnterUserCode(runner);
            SleepThread(_forever);
        });

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Fact]
    public void Kill_AwaitsWhatNobodyCanEnd_TheSleepThatFollowsIsReached()
    {
        var later = new Later();
        var victim = StartHub().Spawn(async () =>
        {
            await later;
            SleepThread(_forever);
        });
        Waits(victim);

        victim.Kill();
        Assert.Equal(GreenletStatus.Waiting, victim.Status);
        later.GoOn();

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_LooksAtWhatIsReadyAndSleeps_TheLooksDoNotPutItOff(HubLoop loop)
    {
        using var ready = new ManualResetEvent(true);
        var looks = 0;
        var victim = StartHub(loop).Spawn(() =>
        {
            Greenlet.Current!.KillFromOutside();
            // The sleeps are shorter than the time after which it is looked for again.
            while (ready.WaitOne())
            {
                looks++;
                SleepThread(TimeSpan.FromMilliseconds(3));
            }
        });

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
        Assert.True(looks > 0);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void KillFromOutside_ByItsOwnHand_TheSleepThatFollowsIsReached(HubLoop loop)
    {
        var victim = StartHub(loop).Spawn(static () =>
        {
            Greenlet.Current!.KillFromOutside();
            SleepThread(_forever);
        });

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void KillFromOutside_AfterAKillThatWasCaught_IsThrownAtTheNextWait(HubLoop loop)
    {
        var victim = StartHub(loop).Spawn(static () =>
        {
            Assert.Throws<GreenletExitException>(static () => Greenlet.Current!.Kill());
            Greenlet.Current!.KillFromOutside();
            Greenlet.Sleep(_forever);
        });

        Ends(victim);
        Assert.Equal(GreenletStatus.Killed, victim.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_IdleWhereAKillIsPutOff_OthersThatIdleGoOn(HubLoop loop)
    {
        var hub = NewHub(loop, static options => options.Exclusive = true);
        var victim = hub.Spawn(static () => _ = new Lazy<int>(static () =>
        {
            Greenlet.Idle();
            return 1;
        }).Value);
        var other = hub.Spawn(static () => Greenlet.Idle());
        var killer = hub.Spawn(() => { victim.Kill(); });
        hub.Start();

        Ends(other);
        Ends(victim);
        Succeeds(killer, other);
    }

    private static void OnAnotherThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        Computes(() => !thread.IsAlive);
    }

#pragma warning disable RS0030 // The sleep of the thread is what the kill has to reach
    private static void SleepThread(TimeSpan time) => Thread.Sleep(time);
#pragma warning restore RS0030

    private sealed class OverWait : IKillableWait
    {
        public int Asked { get; private set; }

        public long Since => Environment.TickCount64;

        public long Began { get; set; }

        public FlowScope? Flow { get; set; }

        public string Describe() => "a wait that is over";

        public KillReach TryKill(Exception exception)
        {
            Asked++;
            return KillReach.Yes;
        }
    }

    /// <summary>Awaited without the greenlet's knowledge; goes on in its context when told.</summary>
    private sealed class Later : INotifyCompletion
    {
        private readonly TaskCompletionSource<(SynchronizationContext Context, Action GoOn)> _continuation = new();

        public bool IsCompleted => false;

        public Later GetAwaiter() => this;

        public void GetResult()
        {
            // It has no value.
        }

        public void OnCompleted(Action continuation) => _continuation.SetResult((SynchronizationContext.Current!, continuation));

        public void GoOn()
        {
            var (context, goOn) = Deadline.Wait(_continuation.Task, "the await");
            context.Post(static state => ((Action)state!)(), goOn);
        }
    }
}
