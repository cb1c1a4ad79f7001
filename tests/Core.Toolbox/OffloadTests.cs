using GreenletBridge.Core.Toolbox.Synchronization;

namespace GreenletBridge.Core.Toolbox;

/// <summary>Truly blocking code beside the hub.</summary>
public sealed class OffloadTests
{
    private static readonly AsyncLocal<string?> _flowing = new();

    [Theory, LoopsAndBodies]
    public async Task Offload_RunsOnARealThreadBesideTheHub_OthersRunMeanwhile(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var gate = new ManualResetEventSlim();
        string Code()
        {
            // The hub's own code opens the gate: it must run while this blocks.
            Blocked.Unseen(gate);
            return $"{Greenlet.Current is null} {SynchronizationContext.Current is null} {Thread.CurrentThread.IsThreadPoolThread} {_flowing.Value}";
        }

        var caller = lane.Spawn<string>(body, async waits =>
        {
            _flowing.Value = "flows";
            return body == BodyKind.Async ? await lane.Hub.OffloadAsync(Code) : lane.Hub.Offload(Code);
        });
        await lane.Until(() => caller.Status == GreenletStatus.Waiting, "it waits");
        await lane.Settle();
        var opener = lane.Hub.Spawn(gate.Set);

        Assert.Equal("True True False flows", await lane.For(lane.Bridge.AsTask(caller), "the value"));
        Assert.True(opener.IsReady);
    }

    [Theory, LoopsAndBodies]
    public async Task CallerKilled_IsFreeAtOnce_TheCodeRunsToItsEnd(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var pool = new OffloadPool(1);
        using var gate = new ManualResetEventSlim();
        var ended = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        void Code()
        {
            begun.SetResult();
            Blocked.Unseen(gate);
            ended.SetResult();
            throw new InvalidTimeZoneException("for nobody");
        }

        var queuedRan = false;
        var first = lane.Spawn(body, async waits =>
        {
            if (body == BodyKind.Async)
                await pool.RunAsync(Code);
            else
                pool.Run(Code);
        });
        await lane.For(begun.Task, "the code has begun");
        var second = lane.Spawn(body, async waits =>
        {
            if (body == BodyKind.Async)
                await pool.RunAsync(() => { queuedRan = true; });
            else
                pool.Run(() => { queuedRan = true; });
        });
        await lane.Until(() => pool.Queued == 1 && second.Status == GreenletStatus.Waiting, "the second waits for a thread");
        first.Kill();
        second.Kill();
        await lane.Ended(first);
        await lane.Ended(second);
        Assert.Equal(GreenletStatus.Killed, first.Status);
        Assert.Equal(GreenletStatus.Killed, second.Status);
        Assert.False(ended.Task.IsCompleted);
        gate.Set();
        await lane.For(ended.Task, "the code ends by itself");

        Assert.Equal(6, await lane.For(pool.RunAsync(static () => 6), "the thread is free again"));
        Assert.False(queuedRan);
    }

    [Theory, Loops]
    public async Task Size_IsNeverExceeded_AndIdleThreadsEnd(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var pool = new OffloadPool(3, TimeSpan.FromMilliseconds(50));
        var running = 0;
        var most = 0;
        var all = new Task[200];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = pool.RunAsync(() =>
            {
                var now = Interlocked.Increment(ref running);
                for (var seen = most; now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most)
                {
                }

                Thread.Yield();
                Interlocked.Decrement(ref running);
            });
        }

        await lane.For(Task.WhenAll(all), "all calls");
        Assert.InRange(most, 1, 3);
        await lane.Until(() => pool.ThreadCount == 0, "idle threads end");
        Assert.Equal(1, pool.Run(static () => 1));
    }

    [Theory, LoopsAndBodies]
    public async Task Failure_Cancellation_Disposal_AndBadInput(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pool = new OffloadPool(1);
        using var gate = new ManualResetEventSlim();
        var failing = lane.Spawn(body, async waits =>
        {
            if (body == BodyKind.Async)
                await pool.RunAsync(new Action(static () => throw new InvalidTimeZoneException()));
            else
                pool.Run(new Action(static () => throw new InvalidTimeZoneException()));
        });
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.AsTask(failing), "the failure"));

        var begun = new TaskCompletionSource();
        var busy = pool.RunAsync(() =>
        {
            begun.SetResult();
            Blocked.Unseen(gate);
        });
        await lane.For(begun.Task, "it has begun");
        using var source = new CancellationTokenSource();
        var cancelled = pool.RunAsync(static () => 1, source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.For(cancelled, "the cancellation"));
        var refused = pool.RunAsync(static () => 1);
        pool.Dispose();
        pool.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => lane.For(refused, "the refusal"));
        AtOnce.Throws<ObjectDisposedException>(() => pool.Run(static () => 1));
        gate.Set();
        await lane.For(busy, "what had begun ends");
        await lane.Until(() => pool.ThreadCount == 0, "its thread ends");

        AtOnce.Throws<ArgumentOutOfRangeException>(() => _ = new OffloadPool(0));
        AtOnce.Throws<ArgumentNullException>(() => OffloadPool.Shared.Run((Action)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => OffloadPool.Shared.RunAsync((Func<int>)null!));
        AtOnce.Throws<OperationCanceledException>(() => OffloadPool.Shared.Run(static () => 1, source.Token));
    }

    [Theory, LoopsAndBodies]
    public async Task RunToEnd_CallerKilled_IsKilledWhenTheCodeHasEnded(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var pool = new OffloadPool(1);
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        var (stops, wentOn) = (0, false);
        int Code()
        {
            begun.SetResult();
            Blocked.Unseen(gate);
            throw new InvalidTimeZoneException("for nobody");
        }

        var caller = lane.Spawn<int>(body, async waits =>
        {
            try
            {
                return await waits.Of(() => pool.RunToEnd(Code, () => stops++), () => new ValueTask<int>(pool.RunToEndAsync(Code, () => stops++)));
            }
            finally
            {
                wentOn = true;
            }
        });
        await lane.For(begun.Task, "the code has begun");
        caller.Kill();
        await lane.Until(() => Volatile.Read(ref stops) == 1, "the code is asked to stop");
        await lane.Settle();
        Assert.False(wentOn);
        Assert.True(Assert.Single(lane.Hub.Snapshot().Greenlets, greenlet => greenlet.Id == caller.Id).IsKillPending);
        gate.Set();
        await lane.Killed(caller);
        Assert.True(wentOn);
        Assert.Equal(1, stops);
    }

    [Theory, LoopsAndBodies]
    public async Task RunToEnd_NothingStopsIt_TheKilledCallerWaitsForItsEnd(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var pool = new OffloadPool(1);
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        int Code()
        {
            begun.SetResult();
            Blocked.Unseen(gate);
            return 1;
        }

        var caller = lane.Spawn<int>(body, async waits => await waits.Of(() => pool.RunToEnd(Code), () => new ValueTask<int>(pool.RunToEndAsync(Code))));
        await lane.For(begun.Task, "the code has begun");
        caller.Kill();
        await lane.Settle();
        Assert.False(caller.IsReady);
        gate.Set();

        await lane.Killed(caller);
    }

    [Theory, Loops]
    public async Task Run_FlowIsSuppressed_RunsWithoutTheCallersContext(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var pool = new OffloadPool(1);
        _flowing.Value = "the caller's";
        Task<string?> suppressed, flows;
        using (ExecutionContext.SuppressFlow())
            suppressed = pool.RunAsync<string?>(static () => _flowing.Value);
        flows = pool.RunAsync<string?>(static () => _flowing.Value);

        Assert.Null(await lane.For(suppressed, "the call without"));
        Assert.Equal("the caller's", await lane.For(flows, "the call with"));
    }

    [Theory, LoopsAndBodies]
    public async Task RunToEnd_CallerKilledBeforeTheCodeBegins_IsFreeAtOnce(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var pool = new OffloadPool(1);
        using var gate = new ManualResetEventSlim();
        var (stops, runs) = (0, 0);
        var first = pool.RunAsync(() => Blocked.Unseen(gate));
        var caller = lane.Spawn<int>(body, waits => waits.Of(
            () => pool.RunToEnd(() => runs++, () => stops++), () => new ValueTask<int>(pool.RunToEndAsync(() => runs++, () => stops++))).AsTask());
        await lane.Until(() => pool.Queued == 1 && caller.Status == GreenletStatus.Waiting, "it waits for a thread");
        caller.Kill();
        await lane.Killed(caller);
        gate.Set();
        await lane.For(first, "the first call");
        Assert.Equal(7, await lane.For(pool.RunAsync(static () => 7), "the thread is free again"));
        Assert.Equal((0, 0), (stops, runs));
    }

    [Theory, LoopsAndBodies]
    public async Task RunToEnd_KilledWhileALimitWaitsForTheEnd_EndsByTheLimit_AndTheKillComesAtTheNextWait(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var pool = new OffloadPool(1);
        using var gate = new ManualResetEventSlim();
        var stops = 0;
        var caught = "";
        int Code()
        {
            Blocked.Unseen(gate);
            return 1;
        }

        var caller = lane.Spawn<int>(body, async waits =>
        {
            try
            {
                using var limit = GreenletTimeout.Start(TimeSpan.FromSeconds(1));
                await waits.Of(() => pool.RunToEnd(Code, () => stops++), () => new ValueTask<int>(pool.RunToEndAsync(Code, () => stops++)));
            }
            catch (GreenletTimeoutException)
            {
                caught = "the limit";
            }

            await waits.Forever();
            return 0;
        });
        await lane.Until(() => pool.ThreadCount == 1 && pool.Queued == 0 && caller.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await lane.Until(() => Volatile.Read(ref stops) == 1, "the code is asked to stop");
        caller.Kill();
        await lane.Settle();
        Assert.False(caller.IsReady);
        gate.Set();
        await lane.Killed(caller);
        Assert.Equal("the limit", caught);
    }

    [Theory, LoopsAndBodies]
    public async Task RunToEnd_TokenIsCancelled_ThrowsWhenTheCodeHasEnded(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var pool = new OffloadPool(1);
        using var gate = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        int Code()
        {
            begun.SetResult();
            Blocked.Unseen(gate);
            return 1;
        }

        // On a greenlet, and where there is none.
        Task<int> Call() => body == BodyKind.Async
            ? pool.RunToEndAsync(Code, gate.Set, cancel.Token)
            : HubUnderTest.OnPlainThread(() => pool.RunToEnd(Code, gate.Set, cancel.Token));
        var caller = loop == HubLoop.Threads ? lane.Bridge.AsTask(lane.Hub.Spawn(() => Call())) : Call();
        await lane.For(begun.Task, "the code has begun");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.For(caller, "the end"));
        Assert.True(gate.IsSet);
    }

    [Theory, Loops]
    public async Task Offload_OfAHubThatHasStopped_IsAnError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the hub stops");
        AtOnce.Throws<HubStoppedException>(() => lane.Hub.Offload(static () => 1));
        AtOnce.Throws<HubStoppedException>(() => lane.Hub.Offload(static () => { }));
        AtOnce.Throws<HubStoppedException>(() => lane.Hub.OffloadAsync(static () => { }));
    }
}
