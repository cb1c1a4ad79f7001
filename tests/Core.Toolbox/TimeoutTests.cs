namespace GreenletBridge.Core.Toolbox;

/// <summary>Limits of time: sentence by sentence.</summary>
public sealed class TimeoutTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory, Loops]
    public async Task WithTimeout_BodyWaitsLonger_ThrowsAtTheWait(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var unwound = false;
        var greenlet = lane.Hub.Spawn(() => Greenlet.WithTimeout(_second, () =>
        {
            try
            {
                Greenlet.Sleep(TimeSpan.FromHours(1));
            }
            finally
            {
                unwound = true;
            }
        }));
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        lane.Time.Advance(_second);

        await lane.Ended(greenlet);
        var error = Assert.IsType<GreenletTimeoutException>(greenlet.Exception);
        Assert.IsAssignableFrom<TimeoutException>(error);
        Assert.Equal(_second, error.Owner.Time);
        Assert.True(unwound);
    }

    [Theory, Loops]
    public async Task WithTimeout_BodyEndsInTime_GivesItsValueAndNothingIsThrownLater(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var ended = false;
        var greenlet = lane.Hub.Spawn(() =>
        {
            var value = Greenlet.WithTimeout(_second, static () => 7);
            ended = true;
            Greenlet.Sleep(TimeSpan.FromSeconds(5));
            return value;
        });
        await lane.Until(() => ended && greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        lane.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(7, await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, Loops]
    public async Task WithTimeout_Otherwise_IsGivenWhenTheTimeIsUp(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(() =>
        {
            var value = Greenlet.WithTimeout(_second, static () => Forever("never"), "n/a");
            var other = Greenlet.WithTimeout(TimeSpan.Zero, static () => Forever("never"), static () => "made");
            var log = "";
            Greenlet.WithTimeout(TimeSpan.Zero, static () => { Forever(0); }, () => log = "told");
            return (value, other, log);
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        lane.Time.Advance(_second);

        Assert.Equal(("n/a", "made", "told"), await lane.For(lane.Bridge.AsTask(greenlet), "the values"));
    }

    [Theory, LoopsAndBodies]
    public async Task Scope_TimeIsUp_ThrowsAtTheWait(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        GreenletTimeout limit = null!;
        var greenlet = lane.Spawn<bool>(body, async waits =>
        {
            using (limit = GreenletTimeout.Start(_second))
            {
                try
                {
                    await waits.Forever();
                    return false;
                }
                catch (GreenletTimeoutException e) when (e.Owner == limit)
                {
                    return true;
                }
            }
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        lane.Time.Advance(_second);

        Assert.True(await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        Assert.False(limit.IsPending);
    }

    [Theory, LoopsAndBodies]
    public async Task Scope_ExceptionOfOnesOwn_IsThrown(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var mine = new InvalidTimeZoneException();
        var greenlet = lane.Spawn<Exception?>(body, async waits =>
        {
            using var limit = GreenletTimeout.Start(_second, mine);
            try
            {
                await waits.Forever();
                return null;
            }
            catch (InvalidTimeZoneException e)
            {
                return e;
            }
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        lane.Time.Advance(_second);

        Assert.Same(mine, await lane.For(lane.Bridge.AsTask(greenlet), "the exception"));
    }

    [Theory, Loops]
    public async Task Null_NeverFires(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var never = GreenletTimeout.Start(null);
            using var infinite = GreenletTimeout.Start(Timeout.InfiniteTimeSpan);
            Greenlet.Sleep(TimeSpan.FromDays(100));
            return never.IsPending || infinite.IsPending;
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        lane.Time.Advance(TimeSpan.FromDays(100));

        Assert.False(await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory]
    [InlineData(HubLoop.Threads, 0)]
    [InlineData(HubLoop.Threads, -5)]
    [InlineData(HubLoop.Scheduler, 0)]
    [InlineData(HubLoop.Scheduler, -5)]
    public async Task ZeroOrLess_FiresAtTheNextTurnNotBefore(HubLoop loop, int seconds)
    {
        await using var lane = new HubUnderTest(loop);
        var log = new List<string>();
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var limit = GreenletTimeout.Start(TimeSpan.FromSeconds(seconds));
            log.Add("goes on");
            try
            {
                Greenlet.Yield();
                log.Add("not thrown");
            }
            catch (GreenletTimeoutException)
            {
                log.Add("thrown");
            }
        });

        await lane.Ended(greenlet);
        Assert.Equal(["goes on", "thrown"], log);
    }

    [Theory, Loops]
    public async Task Nested_TheOuterFires_TheInnerDoesNotCatchIt(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(() => Greenlet.WithTimeout(
            _second,
            static () => Greenlet.WithTimeout(TimeSpan.FromSeconds(5), static () => Forever("never"), "inner"),
            "outer"));
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        lane.Time.Advance(_second);

        Assert.Equal("outer", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, Loops]
    public async Task Nested_TheInnerFires_TheOuterGoesOn(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(() => Greenlet.WithTimeout(
            TimeSpan.FromSeconds(5),
            static () =>
            {
                var inner = Greenlet.WithTimeout(_second, static () => Forever("never"), "inner");
                return Greenlet.WithTimeout(TimeSpan.FromSeconds(10), () => Forever(inner), "10") + inner;
            },
            "outer"));
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        lane.Time.Advance(_second);
        await lane.Until(() => lane.Time.TimerCount == 1 && greenlet.Status == GreenletStatus.Waiting, "it waits again");
        await lane.Settle();
        lane.Time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal("outer", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, Loops]
    public async Task Cancelled_DoesNotFire_AndCanBeStartedAgain(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var limit = new GreenletTimeout(_second);
        var cancelled = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(() =>
        {
            limit.Start();
            Assert.True(limit.IsPending);
            Assert.True(limit.Cancel());
            Assert.False(limit.IsPending);
            cancelled.SetResult();
            Greenlet.Sleep(TimeSpan.FromSeconds(2));
            limit.Start();
            try
            {
                Greenlet.Sleep(TimeSpan.FromSeconds(5));
                return false;
            }
            catch (GreenletTimeoutException e)
            {
                // Thrown: it may start again without more ado.
                Assert.Same(limit, e.Owner);
                Assert.False(limit.Cancel());
                limit.Start();
                return limit.Cancel();
            }
        });
        await lane.For(cancelled.Task, "the first is cancelled");
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(TimeSpan.FromSeconds(2));
        await lane.Until(() => limit.IsPending, "it is started again");
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "it waits again");
        lane.Time.Advance(_second);

        Assert.True(await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        limit.Dispose();
    }

    [Theory, Loops]
    public async Task StartedTwice_OrOffAGreenlet_OrDisposed_IsAnError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(() =>
        {
            using var limit = GreenletTimeout.Start(_second);
            var twice = AtOnce.Throws<InvalidOperationException>(limit.Start);
            Assert.Contains("Cancel()", twice.Message, StringComparison.Ordinal);
            Assert.True(limit.IsPending);
            limit.Dispose();
            limit.Dispose();
            AtOnce.Throws<ObjectDisposedException>(limit.Start);
            AtOnce.Throws<ObjectDisposedException>(() => _ = limit.Token);
            AtOnce.Throws<ArgumentNullException>(() => limit.IsCauseOf(null!));
        });
        await lane.For(lane.Bridge.AsTask(greenlet), "the end");

        var outside = AtOnce.Throws<InvalidOperationException>(() => GreenletTimeout.Start(_second));
        Assert.Contains("greenlet", outside.Message, StringComparison.Ordinal);
        AtOnce.Throws<InvalidOperationException>(() => Greenlet.WithTimeout(_second, static () => { }));
        AtOnce.Throws<ArgumentNullException>(() => Greenlet.WithTimeout(_second, (Action)null!));
        AtOnce.Throws<ArgumentNullException>(() => Greenlet.WithTimeout(_second, (Func<int>)null!, 1));
    }

    [Theory, Loops]
    public async Task Uncaught_TheGreenletFails_AndIsReported(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(static () =>
        {
            using var limit = GreenletTimeout.Start(TimeSpan.Zero);
            Greenlet.Sleep(Timeout.InfiniteTimeSpan);
        });
        await lane.Ended(greenlet);

        Assert.Equal(GreenletStatus.Faulted, greenlet.Status);
        Assert.IsType<GreenletTimeoutException>(greenlet.Exception);
    }

    [Theory, Loops]
    public async Task AGreenletThatEndsWithATimeoutRunning_LeavesNoTimer(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(static () => { GreenletTimeout.Start(TimeSpan.FromHours(1)); });
        await lane.Ended(greenlet);
        await lane.Settle();

        await lane.Until(() => lane.Time.TimerCount == 0, "no timer is left");
    }

    [Theory, Loops]
    public async Task Token_AskedForWhenTheTimeIsUp_IsCancelled_AndNewAfterANewStart(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(static () =>
        {
            using var limit = new GreenletTimeout(TimeSpan.Zero);
            limit.Start();
            var error = AtOnce.Throws<GreenletTimeoutException>(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
            Assert.Same(limit, error.Owner);
            var first = limit.Token;
            Assert.True(first.IsCancellationRequested);
            limit.Start();
            Assert.True(limit.Cancel());
            var second = limit.Token;
            return (first.IsCancellationRequested, second.IsCancellationRequested, first == second);
        });

        Assert.Equal((true, false, false), await lane.For(lane.Bridge.AsTask(greenlet), "the tokens"));
        AtOnce.Throws<ArgumentNullException>(static () => _ = new GreenletTimeoutException(null!));
    }

    internal static T Forever<T>(T value)
    {
        Greenlet.Sleep(Timeout.InfiniteTimeSpan);
        return value;
    }
}
