namespace GreenletBridge.Core.Conformance.TaskToGreenlet;

/// <summary>Rows: AsyncToSync, from everywhere.</summary>
public sealed class AsyncToSyncTests
{
    [Theory, Loops]
    public async Task AsyncToSync_OfACancelledMethod_ThrowsOperationCanceled(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        Func<int>[] ways =
        [
            lane.Bridge.AsyncToSync(() => Task.FromCanceled<int>(source.Token)),
            () => { lane.Bridge.AsyncToSync(() => Task.FromCanceled(source.Token))(); return 0; },
            lane.Bridge.AsyncToSync(async () =>
            {
                await Greenlet.YieldAsync();
                source.Token.ThrowIfCancellationRequested();
                return 1;
            }),
            () => lane.Bridge.AsyncToSync((CancellationToken _) => Task.FromCanceled<int>(source.Token))(),
        ];
        foreach (var way in ways)
        {
            foreach (var call in new[] { HubUnderTest.OnPlainThread(way), lane.Bridge.RunBlocking(way, null, default) })
            {
                var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.For(call, "the cancellation"));
                Assert.IsNotType<GreenletExitException>(error);
                Assert.Equal(source.Token, error.CancellationToken);
            }
        }
    }

    [Theory, Loops]
    public async Task CallerIsKilled_TheMethodsTokenIsCancelled(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var cancelled = 0;
        async Task Method(CancellationToken token)
        {
            using var registration = token.Register(() => Interlocked.Increment(ref cancelled));
            await new TaskCompletionSource().Task;
        }

        var call = lane.Bridge.AsyncToSync(Method);
        var blocking = lane.Hub.Spawn(() => call());
        var withValue = lane.Hub.Spawn(() => lane.Bridge.AsyncToSync(async (int a, CancellationToken token) => { await Method(token); return a; })(1));
        var async = lane.Hub.Spawn(async () =>
        {
            await Greenlet.YieldAsync();
            call();
        });
        await using var other = new HubUnderTest(loop);
        var fromAnother = other.Hub.Spawn(() => lane.Bridge.AsyncToSync(Method, new TaskToGreenletOptions { Hub = lane.Hub })());
        Greenlet[] callers = [blocking, withValue, async, fromAnother];
        foreach (var caller in callers)
            await lane.Until(() => caller.Status == GreenletStatus.Waiting && lane.Hub.Snapshot().Waiting >= 3, "the caller waits");
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 4, "all wait");
        await lane.Settle();

        var own = new InvalidTimeZoneException();
        foreach (var caller in callers)
            caller.Kill(caller == withValue ? own : null);

        foreach (var caller in callers)
            await lane.Ended(caller);
        await lane.Until(() => Volatile.Read(ref cancelled) == 4, "all tokens are cancelled");
        Assert.Same(own, withValue.Exception);
        Assert.Equal(GreenletStatus.Killed, blocking.Status);
    }

    [Theory, Loops]
    public async Task CallerIsKilled_WithoutAutoCancel_TheMethodRunsOn(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var end = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = lane.Bridge.AsyncToSync(
            async (CancellationToken token) =>
            {
                await gate.Task.ConfigureAwait(false);
                end.SetResult(token.IsCancellationRequested);
            },
            new TaskToGreenletOptions { AutoCancelTask = false });
        var caller = lane.Hub.Spawn(() => call());
        await lane.Until(() => caller.Status == GreenletStatus.Waiting, "the caller waits");
        caller.Kill();
        await lane.Ended(caller);
        gate.SetResult();

        Assert.False(await lane.For(end.Task, "the method's end"));
    }

    [Theory, LoopsAndBodies]
    public async Task OnAGreenlet_IsCooperative_OthersRunMeanwhile(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var call = lane.Bridge.AsyncToSync(async (int a) =>
        {
            await gate.Task;
            return a + 1;
        });
        var caller = lane.Spawn(body, async waits =>
        {
            await waits.Yield();
            return call(1);
        });
        await lane.Until(() => caller.Status == GreenletStatus.Waiting, "the caller waits");
        // Only if the hub runs another greenlet meanwhile is the gate ever opened.
        _ = lane.Hub.Spawn(gate.SetResult);

        Assert.Equal(2, await lane.For(lane.Bridge.AsTask(caller), "the value"));
    }

    [Theory, Loops]
    public async Task OnAPoolOrPlainThread_BlocksItAndWorks(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var call = lane.Bridge.AsyncToSync(async () =>
        {
            var thread = Environment.CurrentManagedThreadId;
            await Greenlet.SleepAsync(TimeSpan.FromSeconds(1));
            return (thread, Hub.Current, Greenlet.Current);
        });
        Task<((int, Hub?, Greenlet?) Seen, int Caller)>[] calls =
        [
            HubUnderTest.OnPlainThread(() => (call(), Environment.CurrentManagedThreadId)),
            Task.Run(() => (call(), Environment.CurrentManagedThreadId)),
        ];
        await lane.Until(() => lane.Hub.Snapshot().Greenlets.Count(g => g.Status == GreenletStatus.Waiting) == 2 && lane.Time.TimerCount > 0, "both sleep");
        lane.Time.Advance(TimeSpan.FromSeconds(2));

        foreach (var task in calls)
        {
            var ((thread, hub, greenlet), caller) = await lane.For(task, "the value");
            Assert.NotEqual(caller, thread);
            Assert.Same(lane.Hub, hub);
            Assert.NotNull(greenlet);
        }
    }

    [Theory, Loops]
    public async Task OnAPlainThread_TheHubIsStoppedMeanwhile_IsAClearError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var call = lane.Bridge.AsyncToSync(async () => await new TaskCompletionSource<int>().Task);
        var action = lane.Bridge.AsyncToSync(async () => { await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan); });
        Task[] calls =
        [
            .. Enumerable.Range(0, 4).Select(_ => HubUnderTest.OnPlainThread(call)),
            .. Enumerable.Range(0, 4).Select(_ => HubUnderTest.OnPlainThread(() => { action(); return 0; })),
        ];
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 8, "all wait");

        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the stop");

        foreach (var task in calls)
        {
            var error = await Assert.ThrowsAsync<HubStoppedException>(() => lane.For(task, "the error"));
            Assert.Contains("stopped", error.Message, StringComparison.Ordinal);
            Assert.IsType<GreenletExitException>(error.InnerException);
        }

        Assert.Throws<HubStoppedException>(() => action());
    }

    [Theory, Loops]
    public async Task OnAPlainThread_OfAHubThatWasNeverStarted_EndsWhenItIsDisposed(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var call = HubUnderTest.OnPlainThread(lane.Bridge.AsyncToSync(async () => await new TaskCompletionSource<int>().Task));
        await lane.Until(() => lane.Hub.Snapshot().Queued > 0, "the call is queued");
        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the stop");

        await Assert.ThrowsAsync<HubStoppedException>(() => lane.For(call, "the error"));
    }

    [Theory, Loops]
    public async Task InPostedCodeAndContinuations_IsCooperative(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var values = new List<int>();
        var gate = new TaskCompletionSource<int>();
        var call = lane.Bridge.AsyncToSync(async () => await gate.Task);
        var done = new CountdownEvent(4);
        void Note()
        {
            values.Add(call());
            done.Signal();
        }

        lane.Hub.SynchronizationContext.Post(_ => Note(), null);
        _ = Task.Factory.StartNew(Note, CancellationToken.None, TaskCreationOptions.None, lane.Hub.TaskScheduler);
        lane.Hub.Spawn(static () => { }).Link(_ => Note());
        _ = lane.Hub.Spawn(async () =>
        {
            await Greenlet.YieldAsync();
            Note();
        });
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 4, "all wait");
        gate.SetResult(3);

        Deadline.Wait(done, "all values", lane.Snapshot);
        Assert.Equal([3, 3, 3, 3], values);
    }

    [Theory, Loops]
    public async Task InAListener_IsAClearErrorAtOnce(HubLoop loop)
    {
        var listener = new WaitingListener();
        await using var lane = new HubUnderTest(loop, configure: options => options.Listener = listener);
        listener.Wait = lane.Bridge.AsyncToSync(async () => await new TaskCompletionSource().Task);
        var greenlet = lane.Hub.Spawn((Action)(static () => throw new InvalidTimeZoneException()));
        await lane.Until(() => greenlet.IsReady && lane.Time.TimerCount > 0, "the end");
        lane.Time.Advance(TimeSpan.FromMinutes(1));

        var error = await lane.For(listener.Error.Task, "the error");
        Assert.Contains("listener", error.Message, StringComparison.Ordinal);
        await lane.Settle();
    }

    [Theory, Loops]
    public async Task InATimeProvider_IsAClearErrorAtOnce(HubLoop loop)
    {
        var time = new WaitingTimeProvider();
        await using var lane = new HubUnderTest(loop, configure: options => options.TimeProvider = time);
        time.Wait = lane.Bridge.AsyncToSync(async () => await new TaskCompletionSource().Task);
        _ = lane.Hub.SpawnLater(TimeSpan.FromMilliseconds(1), static () => { });

        var error = await lane.For(time.Error.Task, "the error");
        Assert.Contains("TimeProvider", error.Message, StringComparison.Ordinal);
        time.Wait = null;
        await lane.Settle();
    }

    [Theory, Loops]
    public async Task NoneToFourArguments_PassArgumentsAndValues(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var bridge = lane.Bridge;
        string Call(bool yields)
        {
            var seen = "";
            async Task Note(string text, CancellationToken token = default)
            {
                if (yields)
                    await Greenlet.YieldAsync();
                seen += $"{text}{(token.CanBeCanceled ? "t" : "")} ";
            }

            async Task<string> Give(string text, CancellationToken token = default)
            {
                await Note(text, token);
                return text;
            }

            bridge.AsyncToSync(() => Note(""))();
            bridge.AsyncToSync((int a) => Note($"{a}"))(1);
            bridge.AsyncToSync((int a, int b) => Note($"{a}{b}"))(1, 2);
            bridge.AsyncToSync((int a, int b, int c) => Note($"{a}{b}{c}"))(1, 2, 3);
            bridge.AsyncToSync((int a, int b, int c, int d) => Note($"{a}{b}{c}{d}"))(1, 2, 3, 4);
            bridge.AsyncToSync((CancellationToken t) => Note("", t))();
            bridge.AsyncToSync((int a, CancellationToken t) => Note($"{a}", t))(1);
            bridge.AsyncToSync((int a, int b, CancellationToken t) => Note($"{a}{b}", t))(1, 2);
            bridge.AsyncToSync((int a, int b, int c, CancellationToken t) => Note($"{a}{b}{c}", t))(1, 2, 3);
            bridge.AsyncToSync((int a, int b, int c, int d, CancellationToken t) => Note($"{a}{b}{c}{d}", t))(1, 2, 3, 4);
            string[] given =
            [
                bridge.AsyncToSync(() => Give(""))(),
                bridge.AsyncToSync((int a) => Give($"{a}"))(1),
                bridge.AsyncToSync((int a, int b) => Give($"{a}{b}"))(1, 2),
                bridge.AsyncToSync((int a, int b, int c) => Give($"{a}{b}{c}"))(1, 2, 3),
                bridge.AsyncToSync((int a, int b, int c, int d) => Give($"{a}{b}{c}{d}"))(1, 2, 3, 4),
                bridge.AsyncToSync((CancellationToken t) => Give("", t))(),
                bridge.AsyncToSync((int a, CancellationToken t) => Give($"{a}", t))(1),
                bridge.AsyncToSync((int a, int b, CancellationToken t) => Give($"{a}{b}", t))(1, 2),
                bridge.AsyncToSync((int a, int b, int c, CancellationToken t) => Give($"{a}{b}{c}", t))(1, 2, 3),
                bridge.AsyncToSync((int a, int b, int c, int d, CancellationToken t) => Give($"{a}{b}{c}{d}", t))(1, 2, 3, 4),
            ];
            Assert.Equal(["", "1", "12", "123", "1234", "", "1", "12", "123", "1234"], given);
            return seen;
        }

        const string Once = " 1 12 123 1234 t 1t 12t 123t 1234t ";
        foreach (var yields in new[] { false, true })
        {
            Assert.Equal(Once + Once, await lane.For(HubUnderTest.OnPlainThread(() => Call(yields)), "the calls"));
            Assert.Equal(Once + Once, await lane.For(lane.Bridge.RunAsync(() => Call(yields)), "the calls on a greenlet"));
        }
    }

    [Theory, LoopsAndBodies]
    public async Task MethodThatThrows_TheCallerSeesTheException(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var error = new InvalidTimeZoneException();
        Action[] calls =
        [
            lane.Bridge.AsyncToSync((Func<Task>)(() => throw error)),
            lane.Bridge.AsyncToSync(async () =>
            {
                await Greenlet.YieldAsync();
                throw error;
            }),
            () => lane.Bridge.AsyncToSync((CancellationToken _) => Task.FromException(error))(),
        ];
        foreach (var call in calls)
        {
            Assert.Same(error, await lane.For(HubUnderTest.OnPlainThread(() => Record.Exception(call)), "the error"));
            var onGreenlet = lane.Spawn(body, async waits =>
            {
                await waits.Yield();
                return Record.Exception(call);
            });
            Assert.Same(error, await lane.For(lane.Bridge.AsTask(onGreenlet), "the error"));
        }

        var none = lane.Bridge.AsyncToSync((Func<Task>)(() => null!));
        Assert.IsType<InvalidOperationException>(await lane.For(HubUnderTest.OnPlainThread(() => Record.Exception(none)), "the error"));
        Assert.IsType<InvalidOperationException>(await lane.For(lane.Bridge.RunAsync(() => Record.Exception(none)), "the error"));
    }

    private sealed class WaitingListener : HubListener
    {
        public Action? Wait { get; set; }

        public TaskCompletionSource<Exception> Error { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) => Error.TrySetResult(AtOnce.Throws<BlockingInHubCallbackException>(Wait!));
    }

    private sealed class WaitingTimeProvider : TimeProvider
    {
        public volatile Action? Wait;

        public TaskCompletionSource<Exception> Error { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override long GetTimestamp()
        {
            if (Wait is { } wait)
                Error.TrySetResult(AtOnce.Throws<BlockingInHubCallbackException>(wait));
            return base.GetTimestamp();
        }
    }
}
