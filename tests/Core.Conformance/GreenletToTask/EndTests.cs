namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Row: no end of a G leaves T pending.</summary>
public sealed class EndTests
{
    private static readonly CancellationToken _canceled = new(canceled: true);

    public static TheoryData<HubLoop, BodyKind, string, TaskStatus> Ends()
    {
        var data = new TheoryData<HubLoop, BodyKind, string, TaskStatus>();
        foreach (var loop in Enum.GetValues<HubLoop>())
        {
            foreach (var body in Enum.GetValues<BodyKind>())
            {
                data.Add(loop, body, "value", TaskStatus.RanToCompletion);
                data.Add(loop, body, nameof(TimeoutException), TaskStatus.Faulted);
                data.Add(loop, body, nameof(OperationCanceledException), TaskStatus.Canceled);
                data.Add(loop, body, nameof(TaskCanceledException), TaskStatus.Canceled);
                data.Add(loop, body, nameof(GreenletExitException), TaskStatus.Canceled);
                data.Add(loop, body, nameof(AggregateException), TaskStatus.Faulted);
                data.Add(loop, body, nameof(OutOfMemoryException), TaskStatus.Faulted);
                data.Add(loop, body, nameof(ThreadInterruptedException), TaskStatus.Faulted);
                data.Add(loop, body, nameof(HubStoppedException), TaskStatus.Faulted);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task Ends_InAnyWay_TaskEndsInTheMatchingState(HubLoop loop, BodyKind body, string end, TaskStatus expected)
    {
        await using var lane = new HubUnderTest(loop);
        Exception? error = end switch
        {
            nameof(TimeoutException) => new TimeoutException(),
            nameof(OperationCanceledException) => new OperationCanceledException(_canceled),
            nameof(TaskCanceledException) => new TaskCanceledException(),
            nameof(GreenletExitException) => new GreenletExitException(),
            nameof(AggregateException) => new AggregateException(new InvalidTimeZoneException()),
            nameof(OutOfMemoryException) => new InsufficientMemoryException(),
            nameof(ThreadInterruptedException) => new ThreadInterruptedException(),
            nameof(HubStoppedException) => new HubStoppedException("another one"),
            _ => null,
        };
        var greenlet = lane.Create(body, async waits =>
        {
            await waits.Yield();
            return error is null ? 1 : throw error;
        });
        Task[] tasks = [lane.Bridge.AsTask(greenlet), lane.Bridge.AsTask((Greenlet)greenlet)];
        foreach (var task in tasks)
        {
            await lane.End(task);
            Assert.Equal(expected, task.Status);
            if (expected == TaskStatus.Faulted)
                Assert.Same(error, Assert.Single(task.Exception!.InnerExceptions));
        }

        if (end == nameof(OperationCanceledException))
        {
            var canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tasks[0]);
            Assert.Equal(_canceled, canceled.CancellationToken);
        }
    }

    [Theory, LoopsAndBodies]
    public async Task Ends_ByAJoinThatTimesOut_TaskEnds(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(body);
        var greenlet = lane.Spawn(BodyKind.Blocking, _ => Task.FromResult(never.Get(TimeSpan.FromSeconds(5))));
        var task = lane.Bridge.AsTask(greenlet);
        await lane.Until(() => lane.Time.TimerCount > 0, "the wait's timer");

        lane.Time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TimeoutException>(() => lane.For(task, "the timeout"));
        Assert.False(never.IsReady);
    }

    [Theory, LoopsAndBodies]
    public async Task Ends_WithItsHub_TaskEnds(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var waiting = await lane.SpawnWaiting(body);
        var unbegun = lane.Create(body, _ => Task.FromResult(1));
        unbegun.StartLater(TimeSpan.FromDays(1));
        Task[] tasks = [lane.Bridge.AsTask(waiting), lane.Bridge.AsTask(unbegun)];

        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the stop");

        foreach (var task in tasks)
        {
            await lane.End(task);
            Assert.Equal(TaskStatus.Canceled, task.Status);
        }
    }

    [Theory, LoopsAndBodies]
    public async Task Ends_WithAHubThatWasNeverStarted_TaskEnds(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var task = lane.Bridge.AsTask(lane.Create(body, async waits =>
        {
            await waits.Forever();
            return 1;
        }));

        await lane.For(lane.Hub.StopAsync(TimeSpan.Zero), "the stop");

        await lane.End(task);
        Assert.Equal(TaskStatus.Canceled, task.Status);
    }

    [Theory, Loops]
    public async Task Ends_ByAnAsyncBodyThatReturnsNoTask_TaskFaults(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Create((Func<Task>)(() => null!));

        await Assert.ThrowsAsync<InvalidOperationException>(() => lane.For(lane.Bridge.AsTask(greenlet), "the error"));
    }
}
