using System.Diagnostics;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>How a kill reaches code that blocks, what defers it, and that it hits nothing else.</summary>
public sealed class KillTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_GreenletInThreadSleep_WakesIt(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var begun = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            begun.Set();
            SleepLong();
        });
        Comes(begun, "the sleeper", hub);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.IsType<GreenletExitException>(greenlet.Value);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_GreenletInThreadSleepAfterOtherWaits_WakesIt(HubLoop loop)
    {
        var hub = StartHub(loop);
        using var begun = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            Greenlet.Yield();
            gate.Wait();
            Greenlet.Sleep(1);
            begun.Set();
            SleepLong();
        });
        Waits(greenlet);
        gate.Set();
        Comes(begun, "the sleeper", hub);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Kill_GreenletThatComputes_IsThrownAtItsNextWait()
    {
        var hub = StartHub();
        using var begun = new ManualResetEventSlim();
        var goOn = false;
        var computed = false;
        var greenlet = hub.Spawn(() =>
        {
            begun.Set();
            while (!Volatile.Read(ref goOn))
                Thread.SpinWait(10);
            computed = true;
            Greenlet.Sleep(Timeout.Infinite);
        });
        Comes(begun, "the greenlet", hub);

        Assert.False(greenlet.Kill());
        Assert.False(greenlet.IsReady);
        Volatile.Write(ref goOn, true);

        Ends(greenlet);
        Assert.True(computed);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Kill_GreenletThatHasNotBegun_NeverRuns()
    {
        var hub = NewHub();
        var ran = false;
        var greenlet = hub.Spawn(() => ran = true);

        Assert.True(greenlet.Kill());

        hub.Start();
        Succeeds(hub.Spawn(static () => { }));
        Assert.False(ran);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Kill_FinallyBlockWaits_IsNotThrownASecondTime()
    {
        var hub = StartHub();
        var cleaned = 0;
        using var gate = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            try
            {
                gate.Wait();
            }
            finally
            {
                Greenlet.Yield();
                Task.Run(static () => { }).Wait();
                Greenlet.Sleep(1);
                cleaned++;
            }
        });
        Waits(greenlet);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(1, cleaned);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Kill_CaughtByTheGreenlet_LetsItLiveOnUntilTheNext()
    {
        var hub = StartHub();
        var caught = 0;
        var greenlet = hub.Spawn(() =>
        {
            while (true)
            {
                try
                {
                    new TaskCompletionSource().Task.Wait();
                }
                catch (GreenletExitException) when (Interlocked.Increment(ref caught) < 3)
                {
                    // It lives on.
                }
            }
        });

        for (var i = 1; i < 3; i++)
        {
            Waits(greenlet);
            greenlet.Kill();
            Deadline.Wait(() => Volatile.Read(ref caught) == i, $"kill {i} to be caught", () => hub.Snapshot().ToString());
        }

        // A kill that comes before it waits may meet the spinning of Task.Wait, which is a sleep: it throws the runtime's own exception.
        Waits(greenlet);
        greenlet.Kill();
        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(3, caught);
    }

    [Fact]
    public void Kill_WrappedByALibrary_EndsKilledWithTheKillsOwnException()
    {
        var hub = StartHub();
        var greenlet = hub.Spawn(() =>
        {
            try
            {
                try
                {
                    new ManualResetEventSlim().Wait();
                }
                catch (Exception e)
                {
                    // As Npgsql does: NpgsqlException ← IOException ← the kill.
                    throw new IOException("Exception while reading from stream", e);
                }
            }
            catch (IOException e)
            {
                throw new InvalidOperationException("Exception while executing the command", e);
            }
        });
        Waits(greenlet);
        var kill = new GreenletExitException("the test's own");

        greenlet.Kill(kill);

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Same(kill, greenlet.Value);
        Assert.Null(greenlet.Exception);
    }

    [Fact]
    public void Kill_ThreadSleepWrapsTheInterrupt_EndsKilledWithTheKillsOwnException()
    {
        var hub = StartHub();
        using var begun = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            begun.Set();
            try
            {
                SleepLong();
            }
            catch (ThreadInterruptedException e)
            {
                throw new AggregateException(new InvalidOperationException("other"), new IOException("interrupted", e));
            }
        });
        Comes(begun, "the sleeper", hub);
        var kill = new GreenletExitException("the test's own");

        greenlet.Kill(kill);

        Ends(greenlet);
        Assert.Same(kill, greenlet.Value);
    }

    [Fact]
    public void Kill_SecondOneWhileTheFirstUnwinds_EndsKilledAllTheSame()
    {
        var hub = StartHub();
        using var begun = new ManualResetEventSlim();
        using var unwinds = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var greenlet = hub.Spawn(() =>
        {
            begun.Set();
            try
            {
                SleepLong();
            }
            finally
            {
                using (Greenlet.Shield())
                {
                    unwinds.Set();
                    goOn.Wait();
                }
            }
        });
        Comes(begun, "the sleeper", hub);
        greenlet.Kill();
        Comes(unwinds, "the first kill", hub);

        greenlet.Kill();
        goOn.Set();

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Kill_NotAnExitException_EndsFaultedWithIt()
    {
        var hub = StartHub();
        var greenlet = hub.Spawn(static () => new SemaphoreSlim(0).Wait());
        Waits(greenlet);
        var error = new InvalidOperationException("the test's own");

        greenlet.Kill(error);

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Faulted, greenlet.Status);
        Assert.Same(error, greenlet.Exception);
    }

    [Fact]
    public void Kill_ByTheGreenletItself_ThrowsAtOnce()
    {
        var hub = StartHub();
        var survived = false;
        var greenlet = hub.Spawn(() =>
        {
            Greenlet.Current!.Kill();
            survived = true;
        });

        Ends(greenlet);
        Assert.False(survived);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Kill_FromAnotherGreenletOfTheHub_ReachesAParkedOne()
    {
        var hub = StartExclusive();
        var asleep = hub.Spawn(static () => Greenlet.Sleep(Timeout.Infinite));
        var killed = hub.Spawn(() => asleep.Kill(null, Deadline.Default));

        Assert.True(Gives(killed));
        Assert.Equal(GreenletStatus.Killed, asleep.Status);
    }

    [Fact]
    public void Kill_AsyncBodyInHubWait_IsThrownAtTheAwait()
    {
        var hub = StartHub();
        var cleaned = false;
        var greenlet = hub.Spawn(async () =>
        {
            try
            {
                await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                await Greenlet.YieldAsync();
                cleaned = true;
            }
        });
        Waits(greenlet);

        greenlet.Kill();

        Ends(greenlet);
        Assert.True(cleaned);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void KillToken_IsCanceledByAKill_AndEndsWhoWasGivenIt()
    {
        var hub = StartHub();
        var greenlet = hub.Spawn(static async () => await new TaskCompletionSource().Task.WaitAsync(Greenlet.Current!.KillToken));
        Waits(greenlet);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.True(greenlet.KillToken.IsCancellationRequested);
    }

    [Fact]
    public void Kill_TokenInUse_InterruptsOnlyAfterTheGrace()
    {
        // Longer than the deadline of the test: an interrupt within it would be the error.
        var grace = TimeSpan.FromMinutes(1);
        var hub = StartHub(configure: options => options.KillGrace = grace);
        using var inOrder = new ManualResetEventSlim();
        var ended = "";
        var greenlet = hub.Spawn(() =>
        {
            using var registration = Greenlet.Current!.KillToken.Register(inOrder.Set);
            try
            {
                inOrder.Wait();
                ended = "in order";
            }
            catch (GreenletExitException)
            {
                ended = "interrupted";
                throw;
            }
        });
        Waits(greenlet);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal("in order", ended);
    }

    [Fact]
    public void Kill_TokenInUseButIgnored_InterruptsInTheEnd()
    {
        var hub = StartHub(configure: static options => options.KillGrace = TimeSpan.FromMilliseconds(30));
        var greenlet = hub.Spawn(static () =>
        {
            _ = Greenlet.Current!.KillToken;
            new ManualResetEventSlim().Wait();
        });
        Waits(greenlet);
        var started = Stopwatch.GetTimestamp();

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        // Never before the grace is over, whatever the machine's load.
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(30));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shield_KilledInside_IsThrownAfterIt(bool inRuntimeWait)
    {
        var hub = StartHub();
        var wait = new TaskCompletionSource();
        var shielded = false;
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.Shield())
            {
                if (inRuntimeWait)
                    wait.Task.Wait();
                else
                    Greenlet.Await(wait.Task);
                shielded = true;
            }

            Greenlet.Sleep(Timeout.Infinite);
        });
        Waits(greenlet);

        greenlet.Kill();
        Assert.False(greenlet.Join(TimeSpan.FromMilliseconds(50)));
        wait.SetResult();

        Ends(greenlet);
        Assert.True(shielded);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public void Shield_Nested_EndsWithTheOutermost()
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim();
        var steps = 0;
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.Shield())
            {
                using (Greenlet.Shield())
                    gate.Wait();
                steps++;
                Greenlet.Yield();
                steps++;
            }

            Greenlet.Yield();
            steps++;
        });
        Waits(greenlet);
        greenlet.Kill();
        gate.Set();

        Ends(greenlet);
        Assert.Equal(2, steps);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kill_LazyFactoryOnTheStack_IsDeferredUntilTheValueIsThere(bool inRuntimeWait)
    {
        var hub = StartHub();
        var source = new TaskCompletionSource<int>();
        var lazy = new Lazy<int>(() => inRuntimeWait ? source.Task.Result : Greenlet.Await(source.Task));
        var seen = 0;
        var greenlet = hub.Spawn(() =>
        {
            seen = lazy.Value;
            Greenlet.Sleep(Timeout.Infinite);
        });
        Waits(greenlet);

        greenlet.Kill();
        Assert.False(greenlet.Join(TimeSpan.FromMilliseconds(100)));
        source.SetResult(9);

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(9, seen);
        Assert.Equal(9, lazy.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kill_LazyFactoryThatWaitsWithALimit_IsDeferredAndTheLimitHolds(bool inRuntimeWait)
    {
        var hub = StartHub();
        using var never = new ManualResetEventSlim();
        var limit = TimeSpan.FromMilliseconds(300);
        var came = true;
        var lazy = new Lazy<TimeSpan>(() =>
        {
            var began = Stopwatch.GetTimestamp();
            came = inRuntimeWait ? never.Wait(limit) : new GreenletEvent().Wait(limit);
            return Stopwatch.GetElapsedTime(began);
        });
        var greenlet = hub.Spawn(() =>
        {
            _ = lazy.Value;
            Greenlet.Sleep(Timeout.Infinite);
        });
        Waits(greenlet);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.True(lazy.IsValueCreated);
        Assert.False(came);
        // Whole milliseconds are what the runtime waits
        Assert.InRange(lazy.Value, limit - TimeSpan.FromMilliseconds(20), Deadline.Default);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kill_StaticConstructorOnTheStack_IsDeferredUntilTheTypeIsThere(bool inRuntimeWait)
    {
        var hub = StartHub();
        var source = new TaskCompletionSource<int>();
        SlowType.Wait = inRuntimeWait ? () => source.Task.Result : () => Greenlet.Await(source.Task);
        var greenlet = hub.Spawn(() =>
        {
            _ = inRuntimeWait ? SlowType.ByRuntimeWait.Value : SlowType.ByHubWait.Value;
            Greenlet.Sleep(Timeout.Infinite);
        });
        Waits(greenlet);

        greenlet.Kill();
        Assert.False(greenlet.Join(TimeSpan.FromMilliseconds(100)));
        source.SetResult(4);

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(4, inRuntimeWait ? SlowType.ByRuntimeWait.Value : SlowType.ByHubWait.Value);
    }

    [Fact]
    public void Interrupt_Foreign_IsRethrownToWhoExpectsIt()
    {
        var hub = StartHub();
        Thread? thread = null;
        var greenlet = hub.Spawn(() =>
        {
            thread = Thread.CurrentThread;
            var error = Assert.Throws<ThreadInterruptedException>(static () => new ManualResetEventSlim().Wait());
            // The greenlet and its thread are as good as before.
            Greenlet.Yield();
            Task.Run(static () => { }).Wait();
            return error;
        });
        Waits(greenlet);
        Deadline.Wait(() => (thread!.ThreadState & System.Threading.ThreadState.WaitSleepJoin) != 0, "the thread to block", () => hub.Snapshot().ToString());

        thread!.Interrupt();

        Assert.NotNull(Gives(greenlet));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_RacesWithTheEndOfARuntimeWait_NeverHitsAnUnrelatedOne(HubLoop loop)
    {
        // One carrier serves every greenlet in turn: an interrupt that comes late would hit the next greenlet's wait.
        var pool = NewPool();
        var hub = StartHub(loop, options => options.Carriers = pool);
        var random = new Random(4711);
        for (var round = 0; round < 300; round++)
        {
            using var gate = new ManualResetEventSlim();
            var victim = hub.Spawn(() => gate.Wait());
            Waits(victim);
            if (round % 3 != 0)
            {
                // Long enough for the kill to be thrown at once: both come at the same moment.
                Deadline.Wait(() => victim.WaitingFor is not null, "the wait to be seen", () => hub.Snapshot().ToString());
                SpinFor(TimeSpan.FromMilliseconds(10));
            }

            var order = random.Next(2) == 0;
            var setter = new Thread(() => SpinThen(random.Next(200), gate.Set));
            var killer = new Thread(() => SpinThen(order ? 0 : 100, () => victim.Kill()));
            setter.Start();
            killer.Start();
            setter.Join();
            killer.Join();
            Ends(victim);

            // The waits of somebody else on the same carrier.
            var innocent = hub.Spawn(static () =>
            {
                for (var i = 0; i < 3; i++)
                {
                    Task.Run(static () => { }).Wait();
                    Greenlet.Yield();
                    SleepShort();
                }
            });
            Succeeds(innocent);
        }
    }

    [Fact]
    public void Kill_ManyRacesOnManyGreenlets_NeverHitsSurvivors()
    {
        const int Pairs = 2_000;
        var hub = StartHub();
        var survivors = new List<Greenlet>(Pairs);
        var victims = new List<Greenlet>(Pairs);
        using var slots = new SemaphoreSlim(64);
        for (var i = 0; i < Pairs; i++)
        {
            Assert.True(slots.Wait(Deadline.Default), hub.Snapshot().ToString());
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var victim = hub.Spawn(() => gate.Task.Wait());
            victims.Add(victim);
            survivors.Add(hub.Spawn(() =>
            {
                try
                {
                    Task.Run(() => gate.TrySetResult()).Wait();
                    victim.Kill();
                    Task.Run(static () => { }).Wait();
                    Task.Run(static () => Thread.Yield()).Wait();
                }
                finally
                {
                    slots.Release();
                }
            }));
        }

        Succeeds(survivors);
        victims.ForEach(static victim => Ends(victim));
        Assert.All(victims, static victim => Assert.NotEqual(GreenletStatus.Faulted, victim.Status));
    }

    [Fact]
    public void Kill_InterruptMissedItsWait_ReachesTheSleepThatFollows()
    {
        // A kill that comes as a wait ends stays pending: what blocks next must still be reached, even if the hook does not see it.
        var hub = StartHub();
        for (var round = 0; round < 40; round++)
        {
            using var gate = new ManualResetEventSlim();
            var victim = hub.Spawn(() =>
            {
                gate.Wait();
                SleepLong();
            });
            Waits(victim);
            SpinFor(TimeSpan.FromMilliseconds(10));
            var setter = new Thread(gate.Set);
            setter.Start();
            SpinThen(round * 5, () => victim.Kill());
            setter.Join();

            Ends(victim);
            Assert.Equal(GreenletStatus.Killed, victim.Status);
        }
    }

    private static void SpinFor(TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(started) > time);
    }

    private static void SpinThen(int spins, Action action)
    {
        Thread.SpinWait(spins);
        action();
    }

#pragma warning disable RS0030 // The sleep of the thread is what the kill has to reach
    private static void SleepLong() => Thread.Sleep(TimeSpan.FromMinutes(2));

    private static void SleepShort() => Thread.Sleep(1);
#pragma warning restore RS0030

    private static class SlowType
    {
        internal static Func<int>? Wait { get; set; }

        internal static class ByRuntimeWait
        {
            internal static readonly int Value;

            static ByRuntimeWait() => Value = Wait!();
        }

        internal static class ByHubWait
        {
            internal static readonly int Value;

            static ByHubWait() => Value = Wait!();
        }
    }
}
