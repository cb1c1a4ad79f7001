namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Rows: T's token is cancelled.</summary>
public sealed class CancellationTests
{
    [Theory, LoopsAndBodies]
    public async Task TokenCancelled_Immediate_TaskIsCancelledAtOnceAndFinallyRuns(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var (greenlet, last) = await SpawnWithLongFinally(lane, body);
        var task = lane.Bridge.AsTask(greenlet, cancellationToken: source.Token);

        await source.CancelAsync();

        Assert.Equal(TaskStatus.Canceled, task.Status);
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(source.Token, error.CancellationToken);
        await lane.Until(() => lane.Time.TimerCount > 0, "the finally block sleeps");
        Assert.False(greenlet.IsReady);
        // The hub does not wait for the death.
        await lane.Settle();
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await lane.Ended(greenlet);
        Assert.Equal("finally", last());
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task TokenCancelled_AfterExit_TaskIsCancelledWhenTheGreenletHasEnded(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var (greenlet, last) = await SpawnWithLongFinally(lane, body);
        var task = lane.Bridge.AsTask(greenlet, new GreenletToTaskOptions { Completion = GreenletCompletion.AfterExit }, source.Token);

        await source.CancelAsync();
        await lane.Until(() => lane.Time.TimerCount > 0, "the finally block sleeps");
        Assert.False(task.IsCompleted);
        await lane.Settle();
        lane.Time.Advance(TimeSpan.FromSeconds(1));

        await lane.End(task);
        Assert.Equal(TaskStatus.Canceled, task.Status);
        Assert.True(greenlet.IsReady);
        Assert.Equal("finally", last());
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(source.Token, error.CancellationToken);
    }

    [Theory, Loops]
    public async Task TokenCancelled_OfRunAsync_IsAfterExit(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = 0;
        void Finally()
        {
            Greenlet.Sleep(TimeSpan.FromSeconds(1));
            Interlocked.Increment(ref ended);
        }

        var blocking = lane.Bridge.RunAsync(
            () =>
            {
                try
                {
                    begun.TrySetResult();
                    Greenlet.Sleep(Timeout.InfiniteTimeSpan);
                }
                finally
                {
                    Finally();
                }
            },
            source.Token);
        var async = lane.Bridge.RunAsync(
            async () =>
            {
                try
                {
                    await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan);
                }
                finally
                {
                    Finally();
                }
            },
            source.Token);
        await lane.For(begun.Task, "the begin");
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 2, "both wait");

        await source.CancelAsync();
        await lane.Until(() => lane.Time.TimerCount > 0, "a finally block sleeps");
        await lane.Until(() => lane.Hub.Snapshot().Greenlets.All(g => g.WaitingFor == "time to pass"), "both sleep");
        Assert.False(blocking.IsCompleted);
        Assert.False(async.IsCompleted);
        while (Volatile.Read(ref ended) < 2)
        {
            lane.Time.Advance(TimeSpan.FromSeconds(1));
            await lane.Settle();
        }

        await lane.End(blocking);
        await lane.End(async);
        Assert.True(blocking.IsCanceled);
        Assert.True(async.IsCanceled);
    }

    [Theory, LoopsAndBodies]
    public async Task TokenCancelled_BeforeTheGreenletBegan_ItNeverRuns(HubLoop loop, BodyKind body)
    {
        foreach (var completion in Enum.GetValues<GreenletCompletion>())
        {
            await using var lane = new HubUnderTest(loop, start: false);
            using var source = new CancellationTokenSource();
            var ran = false;
            var greenlet = lane.Create(body, _ => Task.FromResult(ran = true));
            var task = lane.Bridge.AsTask(greenlet, new GreenletToTaskOptions { Completion = completion }, source.Token);

            await source.CancelAsync();
            Assert.Equal(TaskStatus.Canceled, task.Status);
            lane.Hub.Start();
            await lane.Settle();

            Assert.False(ran);
            Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        }
    }

    [Theory, LoopsAndBodies]
    public async Task TokenCancelled_BeforeTheConversion_TheGreenletNeverRuns(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var token = new CancellationToken(canceled: true);
        var ran = 0;
        for (var i = 0; i < 100; i++)
        {
            var greenlet = lane.Create(body, _ => Task.FromResult(Interlocked.Increment(ref ran)));
            Assert.True(lane.Bridge.AsTask(greenlet, cancellationToken: token).IsCanceled);
            Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        }

        Task[] called = [lane.Bridge.RunAsync(() => Interlocked.Increment(ref ran), token), lane.Bridge.SyncToAsync(_ => { ran++; })(token)];
        foreach (var task in called)
        {
            await lane.End(task);
            Assert.True(task.IsCanceled);
        }

        await lane.Settle();
        Assert.Equal(0, ran);
    }

    [Theory, LoopsAndBodies]
    public async Task TokenCancelled_WithoutAutoKill_GreenletRunsOnUndisturbed(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        var options = new GreenletToTaskOptions { AutoKillGreenlet = false };
        var good = lane.Create(body, async waits =>
        {
            await waits.For(gate.Task);
            return 8;
        });
        var bad = lane.Create<int>(body, async waits =>
        {
            await waits.For(gate.Task);
            throw new InvalidTimeZoneException();
        });
        Task[] tasks = [lane.Bridge.AsTask(good, options, source.Token), lane.Bridge.AsTask(bad, options, source.Token)];
        await lane.Settle();

        await source.CancelAsync();
        Assert.All(tasks, task => Assert.True(task.IsCanceled));
        await lane.Settle();
        Assert.False(good.IsReady);
        gate.SetResult();

        await lane.Ended(good);
        await lane.Ended(bad);
        Assert.Equal(8, good.Value);
        lane.Time.Advance(TimeSpan.FromSeconds(10));
        await lane.Settle();
        Assert.Empty(lane.Listener.Faults);
        Assert.Empty(lane.Listener.Unhandled);
    }

    [Theory, LoopsAndBodies]
    public async Task TokenCancelled_ByTheGreenletItself_KillsItAtItsNextWait(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var after = false;
        var greenlet = lane.Create(body, async waits =>
        {
            await waits.Yield();
            source.Cancel();
            after = true;
            await waits.Forever();
            return 1;
        });
        var task = lane.Bridge.AsTask(greenlet, cancellationToken: source.Token);

        await lane.End(task);
        await lane.Ended(greenlet);
        Assert.True(task.IsCanceled);
        Assert.True(after);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, LoopsAndBodies]
    public async Task TokenCancelled_AfterTheEnd_ChangesNothing(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var task = lane.Bridge.AsTask(lane.Create(body, _ => Task.FromResult(1)), cancellationToken: source.Token);
        await lane.For(task, "the value");

        await source.CancelAsync();

        Assert.Equal(1, await task);
    }

    [Theory, LoopsAndBodies]
    public async Task TokenCancelled_GreenletCatchesTheKill_AfterExitGivesItsValue(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var greenlet = lane.Spawn(body, async waits =>
        {
            try
            {
                await waits.Forever();
            }
            catch (GreenletExitException)
            {
                return 11;
            }

            return 0;
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        var task = lane.Bridge.AsTask(greenlet, new GreenletToTaskOptions { Completion = GreenletCompletion.AfterExit }, source.Token);

        await source.CancelAsync();

        Assert.Equal(11, await lane.For(task, "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task KilledByOthers_WithATokenThatIsNotCancelled_TheTaskDoesNotNameTheToken(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var greenlet = await lane.SpawnWaiting(body);
        var task = lane.Bridge.AsTask(greenlet, cancellationToken: source.Token);
        greenlet.Kill();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.For(task, "the cancellation"));
        Assert.Equal(CancellationToken.None, error.CancellationToken);
    }

    [Theory, LoopsAndBodies]
    public async Task AfterTheEnd_ALongLivedTokenKeepsNothingOfTheConversion(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        var converted = await Convert();
        // The hub still knows the greenlet whose segment it ran last.
        await lane.Settle();

        await lane.Until(() => { GC.Collect(); return !converted.IsAlive; }, "the greenlet's value is collected");

        async Task<WeakReference> Convert()
        {
            var value = await lane.For(lane.Bridge.AsTask(lane.Create(body, _ => Task.FromResult(new object())), cancellationToken: source.Token), "the value");
            return new WeakReference(value);
        }
    }

    private static async Task<(Greenlet Greenlet, Func<string> Last)> SpawnWithLongFinally(HubUnderTest lane, BodyKind body)
    {
        var last = "";
        var greenlet = lane.Spawn(body, async waits =>
        {
            try
            {
                await waits.Forever();
            }
            finally
            {
                await waits.Sleep(TimeSpan.FromSeconds(1));
                last = "finally";
            }
        });
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        return (greenlet, () => last);
    }
}
