namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Row: the exception of an awaited G reaches the awaiter only.</summary>
public sealed class FaultTests
{
    private static readonly TimeSpan _longEnough = TimeSpan.FromMinutes(1);

    [Theory, LoopsAndBodies]
    public async Task Fault_OfAnAwaitedGreenlet_ReachesTheAwaiterOnly(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        async Task Await(Greenlet greenlet) => await greenlet;
        Func<Greenlet, Task>[] ways =
        [
            greenlet => lane.Bridge.AsTask(greenlet),
            Await,
            greenlet => HubUnderTest.OnPlainThread(() => { greenlet.Get(); return 0; }),
            greenlet => lane.Bridge.AsTask(lane.Hub.Spawn(() => greenlet.Get())),
        ];
        foreach (var way in ways)
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(way(Fail(lane, body)), "the error"));

        var joined = Fail(lane, body);
        Assert.True(await lane.For(joined.JoinAsync(), "the join"));
        var linked = Fail(lane, body);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        linked.LinkException(_ => called.SetResult());
        await lane.For(called.Task, "the link");
        var late = Fail(lane, body);
        await lane.Ended(late);
        Assert.IsType<InvalidTimeZoneException>(late.Exception);

        lane.Time.Advance(_longEnough);
        await lane.Settle();
        Assert.Empty(lane.Listener.Faults);
        Assert.Empty(lane.Listener.Unhandled);
    }

    [Theory, LoopsAndBodies]
    public async Task Fault_OfAGreenletNobodyAwaits_IsReportedOnce(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = Fail(lane, body);
        await lane.Until(() => greenlet.Status == GreenletStatus.Faulted && lane.Time.TimerCount > 0, "the end");
        Assert.Empty(lane.Listener.Faults);

        lane.Time.Advance(_longEnough);
        await lane.Until(() => !lane.Listener.Faults.IsEmpty, "the report");
        lane.Time.Advance(_longEnough);
        await lane.Settle();

        var (reported, error) = Assert.Single(lane.Listener.Faults);
        Assert.Same(greenlet, reported);
        Assert.IsType<InvalidTimeZoneException>(error);
    }

    [Theory, LoopsAndBodies]
    public async Task Kill_OfAGreenletNobodyAwaits_IsNotReported(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = await lane.SpawnWaiting(body);
        greenlet.Kill();
        await lane.Ended(greenlet);

        lane.Time.Advance(_longEnough);
        await lane.Settle();
        Assert.Empty(lane.Listener.Faults);
    }

    [Theory, Loops]
    public async Task Fault_OfPostedCode_IsReportedOnce(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop) { ReportsUnhandled = true };
        _ = lane.Hub.Spawn(() =>
        {
            Throw();
            Greenlet.Yield();

            // An async void method throws on the context it was called on.
            static async void Throw()
            {
                await Greenlet.YieldAsync();
                throw new InvalidTimeZoneException();
            }
        });

        await lane.Until(() => !lane.Listener.Unhandled.IsEmpty, "the report");
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(lane.Listener.Unhandled));
        await lane.Settle();
    }

    private static Greenlet Fail(HubUnderTest lane, BodyKind body) => lane.Spawn(body, async waits =>
    {
        await waits.Yield();
        throw new InvalidTimeZoneException();
    });
}
