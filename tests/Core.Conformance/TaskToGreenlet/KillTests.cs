namespace GreenletBridge.Core.Conformance.TaskToGreenlet;

/// <summary>Rows: G killed; T cancelled.</summary>
public sealed class KillTests
{
    public static TheoryData<HubLoop, Exception?> Kills()
    {
        var data = new TheoryData<HubLoop, Exception?>();
        foreach (var loop in Enum.GetValues<HubLoop>())
        {
            data.Add(loop, null);
            data.Add(loop, new InvalidTimeZoneException());
            data.Add(loop, new OperationCanceledException());
        }

        return data;
    }

    [Theory, MemberData(nameof(Kills), DisableDiscoveryEnumeration = true)]
    public async Task GreenletKilled_AutoCancelTask_TokenIsCancelledWhateverTheException(HubLoop loop, Exception? kill)
    {
        await using var lane = new HubUnderTest(loop);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var greenlet = lane.Bridge.AsGreenlet(async token =>
        {
            using var registration = token.Register(cancelled.SetResult);
            await new TaskCompletionSource().Task;
        });
        greenlet.Start();
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");

        greenlet.Kill(kill);

        await lane.For(cancelled.Task, "the cancellation");
        await lane.Ended(greenlet);
        Assert.Equal(kill is null ? GreenletStatus.Killed : GreenletStatus.Faulted, greenlet.Status);
        Assert.Same(kill, greenlet.Exception);
    }

    [Theory, Loops]
    public async Task GreenletKilled_OfADelegateInAHubWait_EndsByTheKill(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var steps = new List<string>();
        var greenlet = lane.Bridge.AsGreenlet(async token =>
        {
            try
            {
                await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan);
            }
            catch (GreenletExitException)
            {
                steps.Add("killed");
                throw;
            }
        });
        greenlet.Start();
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        greenlet.Kill();

        await lane.Ended(greenlet);
        await lane.Settle();
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(["killed"], steps);
    }

    [Theory, Loops]
    public async Task GreenletKilled_WhoseCancellationCallbackThrows_StillEndsByTheKill(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop) { ReportsUnhandled = true };
        var greenlet = lane.Bridge.AsGreenlet(async token =>
        {
            using var registration = token.Register(() => throw new InvalidTimeZoneException());
            await new TaskCompletionSource().Task;
        });
        greenlet.Start();
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        greenlet.Kill();

        await lane.Ended(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.IsType<AggregateException>(Assert.Single(lane.Listener.Unhandled));
    }

    [Theory, Loops]
    public async Task GreenletKilled_OfAPlainTask_EndsAndTheTaskRunsOn(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var source = new TaskCompletionSource<int>();
        var greenlet = lane.Bridge.AsGreenlet(source.Task);
        greenlet.Start();
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");

        greenlet.Kill();
        await lane.Ended(greenlet);

        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.False(source.Task.IsCompleted);
        source.SetResult(1);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, Loops]
    public async Task GreenletKilled_WithoutAutoCancel_EndsAndTheTaskRunsOn(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        async Task<bool> Code(CancellationToken token)
        {
            await gate.Task.ConfigureAwait(false);
            return token.IsCancellationRequested;
        }

        var ends = new List<Task<bool>>();
        Task<bool> Note(Task<bool> code)
        {
            ends.Add(code);
            return code;
        }

        var options = new TaskToGreenletOptions { AutoCancelTask = false };
        Greenlet[] greenlets =
        [
            lane.Bridge.AsGreenlet(token => (Task)Note(Code(token)), options),
            lane.Bridge.AsGreenlet(token => Note(Code(token)), options),
            lane.Hub.Create(() => lane.Bridge.AsyncToSync((CancellationToken token) => (Task)Note(Code(token)), options)()),
            lane.Hub.Create(() => { lane.Bridge.AsyncToSync((CancellationToken token) => Note(Code(token)), options)(); }),
        ];
        foreach (var greenlet in greenlets)
            greenlet.Start();
        await lane.Until(() => lane.Hub.Snapshot().Waiting == greenlets.Length, "all wait");

        foreach (var greenlet in greenlets)
        {
            greenlet.Kill();
            await lane.Ended(greenlet);
            Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        }

        gate.SetResult();
        Assert.All(await lane.For(Task.WhenAll(ends), "the Tasks' ends"), Assert.False);
        Assert.Equal(greenlets.Length, ends.Count);
    }

    [Theory, Loops]
    public async Task GreenletKilled_BeforeItBegan_TheDelegateIsNeverCalled(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var called = false;
        var greenlet = lane.Bridge.AsGreenlet(_ =>
        {
            called = true;
            return Task.CompletedTask;
        });
        greenlet.Start();
        greenlet.Kill();
        lane.Hub.Start();
        await lane.Settle();

        Assert.False(called);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Theory, Loops]
    public async Task TaskCancelled_AutoKillGreenlet_GreenletEndsKilled(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var source = new TaskCompletionSource<int>();
        Greenlet[] greenlets =
        [
            lane.Bridge.AsGreenlet(source.Task),
            lane.Bridge.AsGreenlet((Task)source.Task),
            lane.Bridge.AsGreenlet(_ => (Task)source.Task),
            lane.Bridge.AsGreenlet(_ => source.Task),
            lane.Bridge.AsGreenlet(Task.FromCanceled<int>(new CancellationToken(canceled: true))),
        ];
        foreach (var greenlet in greenlets)
            greenlet.Start();
        await lane.Settle();
        source.SetCanceled();

        foreach (var greenlet in greenlets)
        {
            await lane.Ended(greenlet);
            Assert.Equal(GreenletStatus.Killed, greenlet.Status);
            var exit = Assert.IsType<GreenletExitException>(greenlet.Value);
            Assert.IsAssignableFrom<OperationCanceledException>(exit.InnerException);
            Assert.Same(exit, Assert.Throws<GreenletExitException>(() => greenlet.Get()));
        }
    }

    [Theory, Loops]
    public async Task TaskCancelled_WithoutAutoKill_GreenletFailsWithTheCancellation(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var options = new TaskToGreenletOptions { AutoKillGreenlet = false };
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Greenlet[] greenlets =
        [
            lane.Bridge.AsGreenlet(Task.FromCanceled<int>(cancelled.Token), options),
            lane.Bridge.AsGreenlet(Task.FromCanceled(cancelled.Token), options),
            lane.Bridge.AsGreenlet(async _ =>
            {
                await Greenlet.YieldAsync();
                cancelled.Token.ThrowIfCancellationRequested();
            }, options),
        ];
        foreach (var greenlet in greenlets)
        {
            greenlet.Start();
            await lane.Ended(greenlet);
            Assert.Equal(GreenletStatus.Faulted, greenlet.Status);
            var error = Assert.IsAssignableFrom<OperationCanceledException>(greenlet.Exception);
            Assert.IsNotType<GreenletExitException>(error);
            Assert.Equal(cancelled.Token, error.CancellationToken);
        }
    }

    [Theory, Loops]
    public async Task SeveralExceptionsInTheTask_TheFirstIsThrown(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var source = new TaskCompletionSource<int>();
        source.SetException([new InvalidTimeZoneException("first"), new InvalidTimeZoneException("second")]);
        Func<int>[] ways =
        [
            () => lane.Bridge.AsyncToSync(() => source.Task)(),
            () => { lane.Bridge.AsyncToSync(() => (Task)source.Task)(); return 0; },
            () => { var greenlet = lane.Bridge.AsGreenlet(source.Task); greenlet.Start(); return greenlet.Get(); },
        ];
        foreach (var way in ways)
        {
            Assert.Equal("first", (await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(HubUnderTest.OnPlainThread(way), "the error"))).Message);
            Assert.Equal("first", (await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.RunAsync(way), "the error"))).Message);
        }
    }
}
