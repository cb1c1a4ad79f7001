using System.Diagnostics;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Carriers;

/// <summary>The parking primitive, each of its implementations.</summary>
public sealed class ParkerTests
{
    private const string Futex = nameof(FutexParker);
    private const string OfMonitor = nameof(MonitorParker);

    /// <summary>The implementations of this machine.</summary>
    public static TheoryData<string> Parkers { get; } = FutexParker.IsSupported ? [Futex, OfMonitor] : [OfMonitor];

    [Theory]
    [MemberData(nameof(Parkers))]
    public void Park_PermitGivenBefore_ReturnsAtOnce(string kind)
    {
        using var parker = Make(kind);
        parker.Unpark();
        parker.Unpark();

        Assert.True(Park(parker, Parker.NoDeadline));
        // At most one permit is kept.
        Assert.False(Park(parker, Stopwatch.GetTimestamp()));
    }

    [Theory]
    [MemberData(nameof(Parkers))]
    public void Park_DeadlineInThePast_ReturnsFalse(string kind)
    {
        using var parker = Make(kind);

        Assert.False(Park(parker, Stopwatch.GetTimestamp() - Stopwatch.Frequency));
        Assert.False(Park(parker, 0));
        Assert.False(Park(parker, -1));
        Assert.False(Park(parker, long.MinValue));
        parker.Unpark();
        Assert.True(Park(parker, Parker.NoDeadline));
    }

    [Theory]
    [MemberData(nameof(Parkers))]
    public void Park_Timeout_IsNeverEarly(string kind)
    {
        using var parker = Make(kind);
        var spin = new SpinBudget();
        for (var i = 0; i < 50; i++)
        {
            var deadline = Stopwatch.GetTimestamp() + (i * Stopwatch.Frequency / 20_000);
            Assert.False(Park(parker, deadline, i % 2 == 0 ? spin : null));
            Assert.True(Stopwatch.GetTimestamp() >= deadline);
        }
    }

    [Theory]
    [MemberData(nameof(Parkers))]
    public void Unpark_FromAnotherThread_WakesTheOneThatSleeps(string kind)
    {
        using var parker = Make(kind);
        var woken = new TaskCompletionSource<bool>();
        var thread = Started(() => woken.SetResult(parker.Park()));
        Blocks(thread, kind);

        parker.Unpark();

        Assert.True(Deadline.Wait(woken.Task, "the parked thread to wake"));
        Deadline.Wait(thread, "the thread");
    }

    [Theory]
    [MemberData(nameof(Parkers))]
    public void Park_ThreadIsInterrupted_SleepsOnAndTheInterruptStays(string kind)
    {
        using var parker = Make(kind);
        var results = new TaskCompletionSource<(bool Woken, bool Interrupted)>();
        using var returned = new ManualResetEventSlim();
        var thread = Started(() =>
        {
            var woken = parker.Park();
            returned.Set();
            results.SetResult((woken, InterruptGate.Drain()));
        });
        Blocks(thread, kind);

        thread.Interrupt();

        // Long enough for a wrong wake-up to show; a right one never fails here.
        Assert.False(returned.Wait(TimeSpan.FromMilliseconds(50)));
        parker.Unpark();
        Assert.Equal((true, true), Deadline.Wait(results.Task, "the parked thread to wake"));
        Deadline.Wait(thread, "the thread");
    }

    [Fact]
    public void Unpark_ThreadIsInterruptedOnTheWay_GivesThePermitAndTheInterruptStays()
    {
        using var parker = Make(OfMonitor);
        var held = typeof(MonitorParker).GetField("_lock", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetValue(parker)!;
        var interrupted = new TaskCompletionSource<bool>();
        Thread thread;
        lock (held)
        {
            thread = Started(() =>
            {
                parker.Unpark();
                interrupted.SetResult(InterruptGate.Drain());
            });
            Blocks(thread, OfMonitor);
            thread.Interrupt();
        }

        Assert.True(Deadline.Wait(interrupted.Task, "the permit"));
        Assert.True(Park(parker, Parker.NoDeadline));
        Deadline.Wait(thread, "the thread");
    }

    [Theory]
    [MemberData(nameof(Parkers))]
    public void Park_HookedContextIsCurrent_DoesNotCallIt(string kind)
    {
        using var parker = Make(kind);
        var calls = 0;
        using var timedOut = new ManualResetEventSlim();
        var thread = Started(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new CountingContext(() => Interlocked.Increment(ref calls)));
            parker.Park(Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 50));
            timedOut.Set();
            parker.Park();
            parker.Unpark();
            SynchronizationContext.SetSynchronizationContext(null);
        });
        Deadline.Wait(timedOut, "the first park to time out");
        Blocks(thread, kind);
        parker.Unpark();

        Deadline.Wait(thread, "the parked thread");
        Assert.Equal(0, calls);
    }

    [Theory]
    [MemberData(nameof(Parkers))]
    public void PingPong_OfTwoThreads_LosesNoPermit(string kind)
    {
        const int Rounds = 20_000;
        using var ping = Make(kind);
        using var pong = Make(kind);
        var turn = 0;
        var errors = 0;
        void Play(Parker mine, Parker theirs, int parity, SpinBudget? spin)
        {
            for (var i = 0; i < Rounds; i++)
            {
                // A parker may wake for a permit of before: the turn is what counts.
                while (Volatile.Read(ref turn) % 2 != parity)
                {
                    if (!mine.Park(Stopwatch.GetTimestamp() + (30 * Stopwatch.Frequency), spin))
                    {
                        Interlocked.Increment(ref errors);
                        return;
                    }
                }

                Interlocked.Increment(ref turn);
                theirs.Unpark();
            }
        }

        var first = Started(() => Play(ping, pong, 0, new SpinBudget()));
        var second = Started(() => Play(pong, ping, 1, null));

        Deadline.Wait(first, "ping", () => $"turn {Volatile.Read(ref turn)}");
        Deadline.Wait(second, "pong", () => $"turn {Volatile.Read(ref turn)}");
        Assert.Equal(0, errors);
        Assert.Equal(2 * Rounds, turn);
    }

    [Theory]
    [MemberData(nameof(Parkers))]
    public void Unpark_RacesWithATimeout_IsNeverLost(string kind)
    {
        const int Rounds = 3_000;
        using var parker = Make(kind);
        var given = 0;
        var taken = 0;
        var thread = Started(() =>
        {
            while (Volatile.Read(ref taken) < Rounds)
            {
                if (parker.Park(Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 50_000)))
                    Interlocked.Increment(ref taken);
            }
        });
        while (given < Rounds)
        {
            given++;
            parker.Unpark();
            Deadline.Wait(() => Volatile.Read(ref taken) == given, $"permit {given}");
        }

        Deadline.Wait(thread, "the taker");
        Assert.Equal(Rounds, taken);
    }

    [Fact]
    public void Create_OnLinux_TakesTheFutexWhereItWorks()
    {
        using var parker = Parker.Create();

        Assert.Equal(FutexParker.IsSupported, parker is FutexParker);
    }

    private static Parker Make(string kind) => kind == Futex ? new FutexParker() : new MonitorParker();

    /// <summary>Parks on a thread that ends with the test even if the parker hangs.</summary>
    private static bool Park(Parker parker, long deadline, SpinBudget? spin = null)
    {
        var result = new TaskCompletionSource<bool>();
        Started(() => result.SetResult(parker.Park(deadline, spin)));
        return Deadline.Wait(result.Task, "Park to return");
    }

    private static Thread Started(Action action)
    {
        var thread = new Thread(() => action()) { IsBackground = true, Name = "parker test" };
        thread.Start();
        return thread;
    }

    private static void Blocks(Thread thread, string kind)
    {
        if (kind == OfMonitor)
            Deadline.Wait(() => (thread.ThreadState & System.Threading.ThreadState.WaitSleepJoin) != 0, "the thread to park");
        else
            // A futex is not seen by the runtime: whether it sleeps already makes no difference to what is asserted.
            Deadline.Wait(() => thread.IsAlive, "the thread to start");
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private readonly Action _onWait;

        internal CountingContext(Action onWait)
        {
            _onWait = onWait;
            SetWaitNotificationRequired();
        }

        public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
        {
            _onWait();
            return WaitHelper(waitHandles, waitAll, millisecondsTimeout);
        }
    }
}
