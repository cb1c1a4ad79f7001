using System.Data.Common;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What is asked to stop outside of the process before a wait is broken off, and how greenlets end that were asked so.</summary>
public sealed class OnKillTests : HubTests
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(5);

    [Fact]
    public void Kill_CallbackEndsTheWait_NothingIsInterrupted()
    {
        var hub = StartHub(configure: static options => options.KillGrace = _long);
        using var answer = new ManualResetEventSlim();
        var isPast = false;
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.OnKill(static state => ((ManualResetEventSlim)state!).Set(), answer))
                answer.Wait();
            isPast = true;
        });
        Waits(greenlet);

        greenlet.Kill();
        Ends(greenlet);

        Assert.True(isPast);
        Assert.Equal(GreenletStatus.Completed, greenlet.Status);
    }

    [Fact]
    public void OnKill_AfterTheKillWasCaught_DoesNothing()
    {
        var calls = 0;
        var greenlet = StartHub().Spawn(() =>
        {
            var token = Greenlet.Current!.KillToken;
            Assert.Throws<GreenletExitException>(static () => Greenlet.Sleep(Timeout.Infinite));
            // The token is cancelled: whoever registers with it is called at once.
            Assert.True(token.IsCancellationRequested);
            Greenlet.OnKill(_ => Interlocked.Increment(ref calls)).Dispose();
        });
        Waits(greenlet);
        greenlet.Kill();

        Succeeds(greenlet);
        Assert.Equal(0, calls);
    }

    [Fact]
    public void Kill_CallbackDoesNotEndTheWait_InterruptsItAfterTheGrace()
    {
        var hub = StartHub(configure: static options => options.KillGrace = TimeSpan.FromMilliseconds(500));
        using var never = new ManualResetEventSlim();
        var calls = 0;
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.OnKill(_ => Interlocked.Increment(ref calls)))
                never.Wait();
        });
        Waits(greenlet);

        greenlet.Kill();
        greenlet.Kill();
        Ends(greenlet);

        Assert.Equal(1, calls);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void KillGrace_ChangedWhileTheHubRuns_CountsForTheNextKill()
    {
        var hub = StartHub(configure: static options => options.KillGrace = _long);
        using var never = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.OnKill(static _ => { }))
                never.Wait();
        });
        Waits(greenlet);

        hub.KillGrace = TimeSpan.Zero;
        greenlet.Kill();
        Ends(greenlet);

        Assert.Equal(TimeSpan.Zero, hub.KillGrace);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Throws<ArgumentOutOfRangeException>(() => hub.KillGrace = TimeSpan.FromHours(2));
    }

    [Fact]
    public void Kill_CallbackNeverReturns_EndsAllTheSame()
    {
        var hub = StartHub(configure: static options => options.KillGrace = TimeSpan.FromMilliseconds(20));
        using var never = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        AtEnd(gate.Set);
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.OnKill(_ => gate.Wait(_long)))
                never.Wait();
        });
        Waits(greenlet);

        greenlet.Kill();
        Ends(greenlet);

        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        gate.Set();
    }

    [Fact]
    public void Kill_CallbackThrows_TellsTheListenerAndGoesOn()
    {
        var listener = new Listener();
        // A long grace: the pool's thread for the callback may come late on a busy machine
        var hub = StartHub(configure: options =>
        {
            options.Listener = listener;
            options.KillGrace = _long;
        });
        using var gate = new ManualResetEventSlim();
        var error = new InvalidTimeZoneException();
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.OnKill(_ => throw error))
                gate.Wait();
            Greenlet.Yield();
        });
        Waits(greenlet);

        greenlet.Kill();

        Assert.Same(error, Deadline.Wait(listener.Told.Task, "the listener to be told"));
        gate.Set();
        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Dispose_CallbackRuns_WaitsForItsEnd()
    {
        var hub = StartHub(configure: static options => options.KillGrace = _long);
        using var begun = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        var isOver = false;
        var wasOver = false;
        var greenlet = hub.Spawn(() =>
        {
            var registration = Greenlet.OnKill(_ =>
            {
                begun.Set();
                gate.Wait(_long);
                Volatile.Write(ref isOver, true);
            });
            asked.Wait(_long);
            registration.Dispose();
            wasOver = Volatile.Read(ref isOver);
        });
        Waits(greenlet);
        greenlet.Kill();
        Comes(begun, "the callback", hub);
        asked.Set();
        Waits(greenlet);

        gate.Set();
        Ends(greenlet);

        Assert.True(wasOver);
    }

    [Fact]
    public async Task Dispose_OffTheGreenletWhileTheCallbackRuns_WaitsForItsEnd()
    {
        var hub = StartHub(configure: static options => options.KillGrace = _long);
        using var begun = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        KillRegistration registration = default;
        var isOver = false;
        var greenlet = hub.Spawn(() =>
        {
            registration = Greenlet.OnKill(_ =>
            {
                begun.Set();
                gate.Wait(_long);
                Volatile.Write(ref isOver, true);
            });
            Greenlet.Sleep(Timeout.Infinite);
        });
        Waits(greenlet);
        greenlet.Kill();
        Comes(begun, "the callback", hub);

        var disposal = Task.Factory.StartNew(
            () =>
            {
                registration.Dispose();
                return Volatile.Read(ref isOver);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        gate.Set();

        Assert.True(await Deadline.For(disposal, "the disposal", () => hub.Snapshot().ToString()));
        Ends(greenlet);
    }

    [Fact]
    public void Registrations_OfOneCall_AreEqual()
    {
        var hub = StartHub();

        Succeeds(hub.Spawn(static () =>
        {
            using var one = Greenlet.OnKill(static _ => { });
            using var other = Greenlet.OnKill(static _ => { });
            var copy = one;
            Assert.True(one == copy && one.Equals((object)copy) && one.GetHashCode() == copy.GetHashCode());
            Assert.True(one != other && !one.Equals((object)other) && !one.Equals("a registration") && !one.Equals(null));
        }));
    }

    [Fact]
    public void Shield_DisposedTwice_IsTakenOffOnce()
    {
        var hub = StartHub();
        var gate = new TaskCompletionSource();
        var passed = false;
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.Shield())
            {
                var inner = Greenlet.Shield();
                inner.Dispose();
                inner.Dispose();
                Greenlet.Await(gate.Task);
                passed = true;
            }

            Greenlet.Yield();
        });
        Waits(greenlet);
        greenlet.Kill();
        Assert.False(greenlet.Join(TimeSpan.FromMilliseconds(50)));
        gate.SetResult();

        Ends(greenlet);
        Assert.True(passed);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void OnKill_Disposed_IsNotCalled()
    {
        var hub = StartHub();
        var calls = 0;
        var greenlet = hub.Spawn(() =>
        {
            Greenlet.OnKill(_ => Interlocked.Increment(ref calls)).Dispose();
            Greenlet.Sleep(Timeout.Infinite);
        });
        Waits(greenlet);

        greenlet.Kill();
        Ends(greenlet);

        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kill_InAShield_CallsNobody(bool isRegisteredInside)
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim();
        using var told = new ManualResetEventSlim();
        var calls = 0;
        var greenlet = hub.Spawn(() =>
        {
            // The token's callbacks are called by a pool thread, the last one first: when this one is called, all were
            Greenlet.Current!.KillToken.UnsafeRegister(_ => told.Set(), null);
            var outside = isRegisteredInside ? default : Greenlet.OnKill(_ => Interlocked.Increment(ref calls));
            using (Greenlet.Shield())
            {
                using (isRegisteredInside ? Greenlet.OnKill(_ => Interlocked.Increment(ref calls)) : default)
                    gate.Wait(_long);
            }

            outside.Dispose();
            Greenlet.Yield();
        });
        Waits(greenlet);

        greenlet.Kill();
        Deadline.Wait(() => told.IsSet, "the token's callbacks");
        gate.Set();
        Ends(greenlet);

        Assert.Equal(0, calls);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void OnKill_AKillIsPending_ThrowsIt()
    {
        var hub = StartHub();
        var isBegun = false;
        var isKilled = false;
        var isPast = false;
        var greenlet = hub.Spawn(() =>
        {
            Volatile.Write(ref isBegun, true);
            while (!Volatile.Read(ref isKilled))
                Thread.SpinWait(10);
            Greenlet.OnKill(static _ => { }).Dispose();
            isPast = true;
        });
        Deadline.Wait(() => Volatile.Read(ref isBegun), "the begin");

        greenlet.Kill();
        Volatile.Write(ref isKilled, true);
        Ends(greenlet);

        Assert.False(isPast);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void OnKill_NoGreenlet_DoesNothing()
    {
        using var registration = Greenlet.OnKill(static _ => Assert.Fail("nobody is killed"));

        Assert.Equal(default, registration);
        Assert.Throws<ArgumentNullException>(static () => Greenlet.OnKill(null!));
    }

    [Theory]
    [InlineData(true, GreenletStatus.Killed)]
    [InlineData(false, GreenletStatus.Faulted)]
    public void End_ByADatabaseErrorAfterAKill_IsTheKillIfItWasPassedOn(bool isPassedOn, GreenletStatus expected)
    {
        var hub = StartHub(configure: static options => options.KillGrace = _long);
        var isBegun = false;
        var isKilled = false;
        var greenlet = hub.Spawn(() =>
        {
            using var registration = isPassedOn ? Greenlet.OnKill(static _ => { }) : default;
            Volatile.Write(ref isBegun, true);
            while (!Volatile.Read(ref isKilled))
                Thread.SpinWait(10);
            throw new InvalidOperationException("wrapped", new Error());
        });
        Deadline.Wait(() => Volatile.Read(ref isBegun), "the begin");

        greenlet.Kill();
        Volatile.Write(ref isKilled, true);
        Ends(greenlet);

        Assert.Equal(expected, greenlet.Status);
    }

    [Theory]
    [InlineData(false, GreenletStatus.Killed)]
    [InlineData(true, GreenletStatus.Faulted)]
    public void End_ByADatabaseErrorThatTookTheKill_IsTheKillUnlessTheGreenletLivedOn(bool livesOn, GreenletStatus expected)
    {
        var hub = StartHub();
        using var never = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            try
            {
                never.Wait();
            }
            catch (OperationCanceledException)
            {
                // As a driver does that takes every cancellation for its own timeout
                if (livesOn)
                    Greenlet.Sleep(1);
                throw new Error();
            }
        });
        Waits(greenlet);

        greenlet.Kill();
        Ends(greenlet);

        Assert.Equal(expected, greenlet.Status);
    }

    private sealed class Error : DbException;

    private sealed class Listener : HubListener
    {
        internal TaskCompletionSource<Exception> Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void OnUnhandledException(Greenlet greenlet, Exception exception) => Told.TrySetResult(exception);
    }
}
