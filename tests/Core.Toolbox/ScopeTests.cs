namespace GreenletBridge.Core.Toolbox;

/// <summary>Structured scopes.</summary>
public sealed class ScopeTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    /// <summary>Runs a scope in a greenlet of that kind of body.</summary>
    private static Greenlet<T> Spawn<T>(HubUnderTest lane, BodyKind body, Func<GreenletScope, BodyWaits, Task<T>> code) =>
        lane.Spawn<T>(body, async waits => body == BodyKind.Async
            ? await GreenletScope.RunAsync(scope => code(scope, waits))
            : GreenletScope.Run(scope => code(scope, waits).GetAwaiter().GetResult()));

    [Theory, LoopsAndBodies]
    public async Task Leaving_WaitsForAllThatWasSpawned_AlsoByThoseSpawned(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var log = new List<string>();
        var greenlet = Spawn(lane, body, async (scope, waits) =>
        {
            _ = scope.Spawn(() =>
            {
                Greenlet.Yield();
                _ = scope.Spawn(async () =>
                {
                    await Greenlet.YieldAsync();
                    log.Add("grandchild");
                });
                log.Add("child");
            });
            await waits.Yield();
            log.Add("body");
            return scope;
        });
        var left = await lane.For(lane.Bridge.AsTask(greenlet), "the scope");

        Assert.Equal(new HashSet<string> { "body", "child", "grandchild" }, log.ToHashSet());
        Assert.Equal("grandchild", log[^1]);
        Assert.Equal(0, left.Count);
        AtOnce.Throws<InvalidOperationException>(() => left.Spawn(static () => { }));
    }

    [Theory, LoopsAndBodies]
    public async Task FirstFailure_KillsTheRestAndTheCode_AndIsThrown(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        Greenlet? sibling = null;
        var unwound = false;
        var greenlet = Spawn<int>(lane, body, async (scope, waits) =>
        {
            sibling = scope.Spawn(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
            _ = scope.Spawn(async () =>
            {
                await Greenlet.YieldAsync();
                throw new InvalidTimeZoneException();
            });
            try
            {
                await waits.Forever();
                return 1;
            }
            finally
            {
                await waits.Yield();
                unwound = true;
            }
        });
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.AsTask(greenlet), "the failure"));

        Assert.Equal(GreenletStatus.Killed, sibling!.Status);
        Assert.True(unwound);
        Assert.Equal(GreenletStatus.Faulted, greenlet.Status);
        Assert.Empty(lane.Listener.Faults);
    }

    [Theory, LoopsAndBodies]
    public async Task FailureAfterTheCode_KillsTheRest_AndTheLaterFailuresAreDropped(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = Spawn(lane, body, (scope, waits) =>
        {
            _ = scope.Spawn(() =>
            {
                try
                {
                    Greenlet.Sleep(Timeout.InfiniteTimeSpan);
                }
                catch (GreenletExitException)
                {
                    throw new InvalidOperationException("a later failure");
                }
            });
            _ = scope.Spawn(static () =>
            {
                Greenlet.Yield();
                throw new InvalidTimeZoneException();
            });
            return Task.FromResult(1);
        });

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.AsTask(greenlet), "the failure"));
    }

    [Theory, LoopsAndBodies]
    public async Task CodeThrows_KillsAll_AndThrows(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        Greenlet? child = null;
        var greenlet = Spawn<int>(lane, body, async (scope, waits) =>
        {
            child = scope.Spawn(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
            await waits.Yield();
            throw new InvalidTimeZoneException();
        });
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.AsTask(greenlet), "the failure"));
        Assert.Equal(GreenletStatus.Killed, child!.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task KilledOne_IsNoFailure(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = Spawn(lane, body, async (scope, waits) =>
        {
            var child = scope.Spawn(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
            await waits.Yield();
            child.Kill();
            return 5;
        });
        Assert.Equal(5, await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory]
    [InlineData(HubLoop.Threads, BodyKind.Blocking, true)]
    [InlineData(HubLoop.Threads, BodyKind.Blocking, false)]
    [InlineData(HubLoop.Threads, BodyKind.Async, true)]
    [InlineData(HubLoop.Threads, BodyKind.Async, false)]
    [InlineData(HubLoop.Scheduler, BodyKind.Blocking, true)]
    [InlineData(HubLoop.Scheduler, BodyKind.Blocking, false)]
    [InlineData(HubLoop.Scheduler, BodyKind.Async, true)]
    [InlineData(HubLoop.Scheduler, BodyKind.Async, false)]
    public async Task OwnerKilled_InItsCodeOrWhileItLeaves_TakesAllAlong_AndWaitsForThem(HubLoop loop, BodyKind body, bool inCode)
    {
        await using var lane = new HubUnderTest(loop);
        var unwound = false;
        var greenlet = Spawn(lane, body, async (scope, waits) =>
        {
            _ = scope.Spawn(() =>
            {
                try
                {
                    Greenlet.Sleep(Timeout.InfiniteTimeSpan);
                }
                finally
                {
                    Greenlet.Yield();
                    unwound = true;
                }
            });
            await waits.Yield();
            if (inCode)
                await waits.Forever();
            return 1;
        });
        await lane.Until(() => lane.Hub.Snapshot() is { Waiting: 2 } snapshot && snapshot.ToString().Contains(inCode ? "time to pass" : "the ends of", StringComparison.Ordinal), "both wait");
        greenlet.Kill();

        await lane.Ended(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.True(unwound);
    }

    [Theory, LoopsAndBodies]
    public async Task TimeIsUpAroundAScope_TakesAllAlong(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        Greenlet? child = null;
        var greenlet = lane.Spawn<int>(body, async waits => body == BodyKind.Async
            ? await Greenlet.WithTimeoutAsync(_second, _ => GreenletScope.RunAsync(scope =>
            {
                child = scope.Spawn(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
                return Task.FromResult(1);
            }), 2)
            : Greenlet.WithTimeout(_second, () => GreenletScope.Run(scope =>
            {
                child = scope.Spawn(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
                return 1;
            }), 2));
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 2, "both wait");
        lane.Time.Advance(_second);

        Assert.Equal(2, await lane.For(lane.Bridge.AsTask(greenlet), "the other value"));
        Assert.Equal(GreenletStatus.Killed, child!.Status);
    }

    [Theory, Loops]
    public async Task AsyncScope_ItsFailureBreaksItsOwnCodeOnly_NotWhatRunsBeside(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(async () =>
        {
            static async Task<string> Beside()
            {
                await Greenlet.SleepAsync(TimeSpan.FromSeconds(1));
                return "beside";
            }

            var beside = Beside();
            var error = await Record.ExceptionAsync(() => GreenletScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(static async () =>
                {
                    await Greenlet.YieldAsync();
                    throw new InvalidTimeZoneException();
                });
                await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan);
            }));
            return $"{error!.GetType().Name} {await beside}";
        });
        await lane.Until(() => lane.Hub.Snapshot() is { Waiting: 1, Active: 1, Queued: 0 } && lane.Time.TimerCount == 1, "only the other waits");
        await lane.Settle();
        lane.Time.Advance(_second);

        Assert.Equal("InvalidTimeZoneException beside", await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
    }

    [Theory, Loops]
    public async Task OffAGreenlet_TheTokenTellsTheCode(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(GreenletScope.RunAsync(
            async scope =>
            {
                var token = scope.Token;
                _ = scope.Spawn(new Action(static () => throw new InvalidTimeZoneException()));
                await new TaskCompletionSource().Task.WaitAsync(token);
            },
            lane.Hub), "the failure"));
        Assert.Equal(3, await lane.For(HubUnderTest.OnPlainThread(() => GreenletScope.Run(scope => scope.Spawn(static () => 3).Get(), lane.Hub)), "the value"));
        GreenletScope.Run(static _ => { }, lane.Hub);
    }

    [Theory, Loops]
    public async Task Cancel_KillsAll_WithoutAFailure_AndWhatComesLaterNeverBegins(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        Greenlet? child = null;
        Greenlet? late = null;
        var greenlet = lane.Hub.Spawn(() => GreenletScope.Run(scope =>
        {
            child = scope.Spawn(static () => Greenlet.Sleep(Timeout.InfiniteTimeSpan));
            Greenlet.Yield();
            scope.Cancel();
            Assert.True(scope.Token.IsCancellationRequested);
            late = scope.Spawn(static () => Assert.Fail("it must not begin"));
            Greenlet.Yield();
            return 4;
        }));

        Assert.Equal(4, await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        Assert.Equal(GreenletStatus.Killed, child!.Status);
        Assert.Equal(GreenletStatus.Killed, late!.Status);
        AtOnce.Throws<ArgumentNullException>(() => GreenletScope.Run((Action<GreenletScope>)null!));
        AtOnce.Throws<ArgumentNullException>(() => GreenletScope.RunAsync((Func<GreenletScope, Task>)null!));
    }
}
