using System.Collections.Concurrent;

namespace GreenletBridge.Core.Toolbox;

/// <summary>What a timeout reaches, and which of several that come at once is thrown where.</summary>
public sealed class TimeoutReachTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    public static TheoryData<HubLoop, string> RuntimeWaits()
    {
        var data = new TheoryData<HubLoop, string>();
        foreach (var loop in Enum.GetValues<HubLoop>())
        {
            foreach (var wait in (string[])["Task", "semaphore", "lock", "collection"])
                data.Add(loop, wait);
        }

        return data;
    }

    [Theory, MemberData(nameof(RuntimeWaits))]
    public async Task RuntimeWait_IsBrokenOff_AndTheScopeKnowsItsOwn(HubLoop loop, string wait)
    {
        await using var lane = new HubUnderTest(loop);
        var taken = new object();
        using var begun = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var holder = HubUnderTest.OnPlainThread(() =>
        {
            lock (taken)
            {
                begun.Set();
                done.Wait();
                return true;
            }
        });
        begun.Wait();
        using var semaphore = new SemaphoreSlim(0);
        using var collection = new BlockingCollection<int>();
        var reached = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(() =>
        {
            var value = Greenlet.WithTimeout(_second, () =>
            {
                reached.SetResult();
                switch (wait)
                {
                    case "Task":
                        new TaskCompletionSource().Task.Wait();
                        break;
                    case "semaphore":
                        semaphore.Wait();
                        break;
                    case "lock":
                        lock (taken)
                            break;
                    default:
                        foreach (var item in collection.GetConsumingEnumerable())
                            return $"item {item}";
                        break;
                }

                return "came";
            }, "n/a");
            // A stray interrupt would break this one.
#pragma warning disable RS0030 // The call under test
            Thread.Sleep(30);
#pragma warning restore RS0030
            return value;
        });
        await lane.For(reached.Task, "the body runs");
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);

        Assert.Equal("n/a", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        done.Set();
        await lane.For(holder, "the holder's end");
    }

    [Theory, Loops]
    public async Task BrokenWait_InAScopeWithoutCatch_TheGreenletFailsWithTheTimeoutItself(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var collection = new BlockingCollection<int>();
        GreenletTimeout? limit = null;
        var greenlet = lane.Hub.Spawn(() =>
        {
            using (limit = GreenletTimeout.Start(_second))
            {
                foreach (var item in collection.GetConsumingEnumerable())
                    Assert.Fail("nothing comes");
            }
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);

        await lane.Ended(greenlet);
        Assert.Same(limit, Assert.IsType<GreenletTimeoutException>(greenlet.Exception).Owner);
    }

    [Theory, Loops]
    public async Task SleepOfAThread_ThatHoldsItsHub_IsBrokenOffWhenTheHubHasBeenTakenFromIt(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, watched: true);
        var reached = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(() => Greenlet.WithTimeout(_second, () =>
        {
            reached.SetResult();
#pragma warning disable RS0030 // The call under test
            Thread.Sleep(Timeout.Infinite);
#pragma warning restore RS0030
            return "came";
        }, "n/a"));
        await lane.For(reached.Task, "the body runs");
        lane.Time.Advance(_second);

        Assert.Equal("n/a", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, Loops]
    public async Task SleepOfAThread_UnderALimitStartedByHand_IsBrokenOff_AndTheLimitKnowsItsOwn(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, watched: true);
        var reached = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var limit = GreenletTimeout.Start(_second);
            try
            {
                reached.SetResult();
#pragma warning disable RS0030 // The call under test
                Thread.Sleep(Timeout.Infinite);
#pragma warning restore RS0030
                return "came";
            }
            catch (ThreadInterruptedException e) when (limit.IsCauseOf(e))
            {
                return "limited";
            }
        });
        await lane.For(reached.Task, "the body runs");
        lane.Time.Advance(_second);

        Assert.Equal("limited", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, Loops]
    public async Task SleepOfAThread_BesideItsHub_IsBrokenOff(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var profile = new WorkProfile("sleeper");
        // Work that is known to block runs beside its hub.
        await lane.For(lane.Bridge.AsTask(lane.Hub.SpawnInPlace(static async () => { await Task.Yield(); Greenlet.Yield(); }, profile)), "the first run");
        Assert.True(profile.HasBlocked);
        var reached = new TaskCompletionSource();
        var value = "";
        var greenlet = lane.Hub.SpawnInPlace(() =>
        {
            value = Greenlet.WithTimeout(_second, () =>
            {
                reached.SetResult();
#pragma warning disable RS0030 // The call under test
                Thread.Sleep(Timeout.Infinite);
                return "came";
            }, "n/a");
            // A stray interrupt would break this one.
            Thread.Sleep(30);
#pragma warning restore RS0030
            return Task.CompletedTask;
        }, profile);
        await lane.For(reached.Task, "the body runs");
        lane.Time.Advance(_second);

        await lane.For(lane.Bridge.AsTask(greenlet), "the end");
        Assert.Equal("n/a", value);
    }

    [Theory, Loops]
    public async Task KillAndTimeout_AtOnce_TheKillIsThrownAndTheScopeTakesItsOwnWithIt(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var busy = new TaskCompletionSource();
        var go = 0;
        var log = new List<string>();
        GreenletTimeout? limit = null;
        var greenlet = lane.Hub.Spawn(() =>
        {
            try
            {
                using (limit = GreenletTimeout.Start(TimeSpan.Zero))
                {
                    // Both are pending when it comes to its wait. It computes until then: a wait would be interrupted.
                    busy.SetResult();
                    while (Volatile.Read(ref go) == 0)
                        Thread.SpinWait(100);
                    Greenlet.Sleep(Timeout.InfiniteTimeSpan);
                }
            }
            catch (Exception e)
            {
                log.Add(e.GetType().Name);
                Greenlet.Yield();
                log.Add("no more");
            }
        });
        await lane.For(busy.Task, "it is busy");
        greenlet.Kill();
        Volatile.Write(ref go, 1);

        await lane.Ended(greenlet);
        Assert.Equal(["GreenletExitException", "no more"], log);
        Assert.False(limit!.IsPending);
        Assert.Equal(GreenletStatus.Completed, greenlet.Status);
    }

    [Theory, Loops]
    public async Task TimeoutBeforeKill_TheKillIsNotLost(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var caught = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(() =>
        {
            Greenlet.WithTimeout(TimeSpan.Zero, static () => TimeoutTests.Forever(1), 2);
            caught.SetResult();
            Greenlet.Sleep(Timeout.InfiniteTimeSpan);
        });
        await lane.For(caught.Task, "the timeout");
        greenlet.Kill();

        await lane.Ended(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, Loops]
    public async Task TwoAtOnce_TheOneThatWasDueFirstIsThrownFirst_EachOnce(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var log = new List<string>();
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var outer = GreenletTimeout.Start(_second, new InvalidTimeZoneException("outer"));
            using var inner = GreenletTimeout.Start(_second / 2, new InvalidTimeZoneException("inner"));
            using var same = GreenletTimeout.Start(_second, new InvalidTimeZoneException("same"));
            for (var i = 0; i < 3; i++)
            {
                try
                {
                    Greenlet.Sleep(_second * 2);
                }
                catch (InvalidTimeZoneException e)
                {
                    log.Add(e.Message);
                }
            }

            log.Add("over");
            Greenlet.Yield();
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);

        await lane.Ended(greenlet);
        Assert.Equal(["inner", "outer", "same", "over"], log);
    }

    [Theory, Loops]
    public async Task TimeIsUpAsTheWaitEnds_TheValueCountsAndNothingIsThrownAfterTheScope(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(static () =>
        {
            // Both are due at the same time; the sleep is the older timer of the two.
            var value = Greenlet.WithTimeout(TimeSpan.FromSeconds(1), static () =>
            {
                Greenlet.Sleep(TimeSpan.FromSeconds(1));
                return 1;
            }, 2);
            Greenlet.Yield();
            return value;
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);

        Assert.InRange(await lane.For(lane.Bridge.AsTask(greenlet), "the value"), 1, 2);
    }

    [Theory, Loops]
    public async Task Shield_DefersATimeout(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var log = new List<string>();
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var limit = GreenletTimeout.Start(TimeSpan.Zero);
            try
            {
                using (Greenlet.Shield())
                {
                    Greenlet.Yield();
                    Greenlet.Yield();
                    log.Add("kept");
                }

                Greenlet.Yield();
            }
            catch (GreenletTimeoutException)
            {
                log.Add("thrown");
            }
        });

        await lane.Ended(greenlet);
        Assert.Equal(["kept", "thrown"], log);
    }

    [Theory, Loops]
    public async Task AsyncScope_ReachesItsOwnFlowOnly(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        async Task<string> Limited()
        {
            using var limit = GreenletTimeout.Start(_second);
            try
            {
                await Inner();
                return "came";
            }
            catch (GreenletTimeoutException e) when (e.Owner == limit)
            {
                return "limited";
            }
        }

        static async Task Inner() => await Greenlet.SleepAsync(TimeSpan.FromSeconds(5));

        static async Task<string> Beside()
        {
            await Greenlet.SleepAsync(TimeSpan.FromSeconds(3));
            return "beside";
        }

        var begun = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(async () =>
        {
            var beside = Beside();
            var limited = Limited();
            var later = Beside();
            begun.SetResult();
            return string.Join(' ', await Task.WhenAll(beside, limited, later));
        });
        await lane.For(begun.Task, "all wait");
        lane.Time.Advance(_second);
        await lane.Settle();
        await lane.Settle();
        lane.Time.Advance(_second * 2);

        Assert.Equal("beside limited beside", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, Loops]
    public async Task WithTimeoutAsync_EndsHubWaitsAndPlainTasks_OnAGreenletAndOff(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(async () =>
        {
            var one = await Greenlet.WithTimeoutAsync(_second, static async _ =>
            {
                await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan);
                return 1;
            }, 10);
            var two = await Greenlet.WithTimeoutAsync(TimeSpan.Zero, static async token =>
            {
                await new TaskCompletionSource().Task.WaitAsync(token);
                return 2;
            }, 20);
            var error = await Record.ExceptionAsync(() => Greenlet.WithTimeoutAsync(TimeSpan.Zero, static token => new TaskCompletionSource().Task.WaitAsync(token)));
            return (one, two, error);
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);
        var (one, two, error) = await lane.For(lane.Bridge.AsTask(greenlet), "the values");
        Assert.Equal((10, 20), (one, two));
        Assert.IsType<GreenletTimeoutException>(error);

        // Real time here: off a greenlet it is the system's clock.
        Assert.Equal(3, await Greenlet.WithTimeoutAsync(TimeSpan.FromMilliseconds(1), static async token =>
        {
            await new TaskCompletionSource().Task.WaitAsync(token);
            return 2;
        }, 3));
        Assert.Equal(4, await Greenlet.WithTimeoutAsync(null, static _ => Task.FromResult(4), 3));
        await Assert.ThrowsAsync<GreenletTimeoutException>(() => Greenlet.WithTimeoutAsync(TimeSpan.Zero, static token => new TaskCompletionSource().Task.WaitAsync(token)));
    }

    [Theory, Loops]
    public async Task WithTimeoutAsync_ForeignCancellation_PassesThrough(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var foreign = new CancellationTokenSource();
        foreign.Cancel();
        var greenlet = lane.Hub.Spawn(() => Greenlet.WithTimeoutAsync(_second, async _ =>
        {
            await new TaskCompletionSource().Task.WaitAsync(foreign.Token);
            return 1;
        }, 2));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.For(lane.Bridge.AsTask(greenlet), "the end"));
    }

    [Theory, Loops]
    public async Task Kill_OfOneWithSeveralWaits_ReachesThemWhenTheFirstIsOver(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var begun = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(async () =>
        {
            var both = Task.WhenAll(Greenlet.SleepAsync(_second), Greenlet.SleepAsync(Timeout.InfiniteTimeSpan));
            begun.SetResult();
            await both;
        });
        await lane.For(begun.Task, "both wait");
        lane.Time.Advance(_second);
        await lane.Settle();
        await lane.Settle();
        greenlet.Kill();

        await lane.Ended(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, Loops]
    public async Task SeveralAtOnce_TheHubComesLate_InTheOrderInWhichTheyWereDueThenStarted(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var log = new List<string>();
        var (isStarted, isLate) = (false, false);
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var third = GreenletTimeout.Start(_second, new InvalidTimeZoneException("third"));
            using var second = GreenletTimeout.Start(_second * 0.75, new InvalidTimeZoneException("second"));
            using var fourth = GreenletTimeout.Start(_second, new InvalidTimeZoneException("fourth"));
            using var first = GreenletTimeout.Start(_second / 2, new InvalidTimeZoneException("first"));
            // Holds the hub while the time passes: it finds all of them due at one look.
            Volatile.Write(ref isStarted, true);
            while (!Volatile.Read(ref isLate))
                Thread.SpinWait(20);
            for (var i = 0; i < 4; i++)
            {
                try
                {
                    Greenlet.Sleep(_second * 2);
                }
                catch (InvalidTimeZoneException e)
                {
                    log.Add(e.Message);
                }
            }
        });
        await lane.Until(() => Volatile.Read(ref isStarted), "it runs");
        lane.Time.Advance(_second);
        Volatile.Write(ref isLate, true);

        await lane.Ended(greenlet);
        Assert.Equal(["first", "second", "third", "fourth"], log);
    }

    [Theory, Loops]
    public async Task TokenWasAskedFor_WhoWasToldEndsTheWaitInOrder_NothingIsBrokenOff(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, configure: static options => options.KillGrace = TimeSpan.FromHours(1));
        using var answer = new ManualResetEventSlim();
        var told = new TaskCompletionSource();
        var isPast = false;
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var limit = GreenletTimeout.Start(_second);
            using var registration = limit.Token.Register(told.SetResult);
            answer.Wait();
            isPast = true;
            limit.Cancel();
        });
        // A wait that has only just begun would not be broken off anyway; real time, for it is a wait of the runtime's
        await lane.Until(() => lane.Hub.Snapshot().Greenlets is [{ WaitedFor: var waited }] && waited > TimeSpan.FromMilliseconds(30), "it waits");
        lane.Time.Advance(_second);
        await lane.For(told.Task, "the token");
        await lane.Settle();
        answer.Set();

        await lane.Ended(greenlet);
        Assert.True(isPast, $"{greenlet.Exception}");
        Assert.Equal(GreenletStatus.Completed, greenlet.Status);
    }

    [Theory, Loops]
    public async Task TokenWasNotAskedFor_TheWaitIsBrokenOffWithoutAnyGrace(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, configure: static options => options.KillGrace = TimeSpan.FromHours(1));
        using var never = new ManualResetEventSlim();
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var limit = GreenletTimeout.Start(_second);
            never.Wait();
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);

        await lane.Ended(greenlet);
        Assert.IsType<GreenletTimeoutException>(greenlet.Exception);
    }

    [Fact]
    public async Task WithTimeoutAsync_OffAGreenlet_EndsInTimeOrWasNeverIn()
    {
        // The token tells only when the time is up: it is not for an hour, and was before a limit below zero began.
        Assert.False(await Greenlet.WithTimeoutAsync(TimeSpan.FromHours(1), static async token =>
        {
            await Task.Yield();
            return token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20));
        }));
        await Assert.ThrowsAsync<GreenletTimeoutException>(
            static () => Greenlet.WithTimeoutAsync(TimeSpan.FromSeconds(-2), static token => new TaskCompletionSource().Task.WaitAsync(token)));
    }
}
