namespace GreenletBridge.Core.Conformance.TaskToGreenlet;

/// <summary>Row: the caller of AsyncToSync times out.</summary>
public sealed class CallerTimeoutTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(HubLoop.Threads, false, true)]
    [InlineData(HubLoop.Threads, true, true)]
    [InlineData(HubLoop.Scheduler, false, true)]
    [InlineData(HubLoop.Scheduler, true, true)]
    [InlineData(HubLoop.Threads, false, false)]
    [InlineData(HubLoop.Threads, true, false)]
    [InlineData(HubLoop.Scheduler, false, false)]
    [InlineData(HubLoop.Scheduler, true, false)]
    public async Task CallerTimesOut_TheAsyncMethodsTokenIsCancelled_UnlessThatIsOff(HubLoop loop, bool onAnotherHub, bool autoCancel)
    {
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        var options = new TaskToGreenletOptions { AutoCancelTask = autoCancel, Hub = onAnotherHub ? other.Hub : null };
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource();
        var given = CancellationToken.None;
        async Task<int> Method(CancellationToken token)
        {
            given = token;
            using var registration = token.Register(cancelled.SetResult);
            begun.SetResult();
            await gate.Task;
            return 1;
        }

        var caller = lane.Hub.Spawn(() => Greenlet.WithTimeout(_second, () => lane.Bridge.AsyncToSync((CancellationToken token) => Method(token), options)(), 2));
        await lane.For(begun.Task, "the method has begun");
        await lane.Until(() => caller.Status == GreenletStatus.Waiting, "the caller waits");
        lane.Time.Advance(_second);

        Assert.Equal(2, await lane.For(lane.Bridge.AsTask(caller), "the other value"));
        if (autoCancel)
            await lane.For(cancelled.Task, "the token");
        else
            Assert.False(given.IsCancellationRequested);
        gate.SetResult();
    }

    [Theory, Loops]
    public async Task CallerTimesOut_InAScopeOfItsOwn_OrInsideTheMethod_OnlyTheRightOneIsToldAndCatches(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var told = 0;
        async Task<string> Method(CancellationToken token)
        {
            using var registration = token.Register(() => told++);
            // Its own limit, within the caller's.
            return await Greenlet.WithTimeoutAsync(TimeSpan.Zero, static async inner =>
            {
                await new TaskCompletionSource().Task.WaitAsync(inner);
                return "came";
            }, "limited");
        }

        var caller = lane.Hub.Spawn(() =>
        {
            using var limit = GreenletTimeout.Start(_second);
            return lane.Bridge.AsyncToSync((CancellationToken token) => Method(token))();
        });

        Assert.Equal("limited", await lane.For(lane.Bridge.AsTask(caller), "the value"));
        Assert.Equal(0, told);
    }
}
