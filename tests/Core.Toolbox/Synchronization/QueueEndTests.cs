namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>foreach and await foreach until completed; Shutdown, immediate or not.</summary>
public sealed class QueueEndTests
{
    private static async Task<int> Sum(BodyKind body, GreenletQueue<int> queue)
    {
        var sum = 0;
        if (body == BodyKind.Blocking)
        {
            foreach (var item in queue)
                sum += item;
        }
        else
        {
            await foreach (var item in queue)
                sum += item;
        }

        return sum;
    }

    [Theory, LoopsAndBodies]
    public async Task Loop_TakesEverythingAndEndsWithTheShutdown(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>();
        queue.Put(1);
        var loops = await lane.SpawnWaiting<int>(body, 3, async (_, _) => await Sum(body, queue));
        for (var i = 2; i <= 10; i++)
            queue.Put(i);
        queue.Shutdown();
        var total = 0;
        foreach (var one in loops)
            total += await lane.ValueOf(one);
        Assert.Equal(55, total);
        Assert.Equal(0, await Sum(body, queue));
    }

    [Theory, LoopsAndBodies]
    public async Task Loop_LeftEarly_TakesNothingMore(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>();
        for (var i = 0; i < 3; i++)
            queue.Put(i);
        var early = lane.Spawn<int>(body, async _ =>
        {
            if (body == BodyKind.Blocking)
            {
                foreach (var item in queue)
                    return item;
            }
            else
            {
                await foreach (var item in queue)
                    return item;
            }

            return -1;
        });
        Assert.Equal(0, await lane.ValueOf(early));
        Assert.Equal(2, queue.Count);
        Assert.Equal(1, queue.Get());
    }

    [Theory, Loops]
    public async Task AsyncLoop_Cancelled_Throws_AndTakesNothing(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>();
        using var cancel = new CancellationTokenSource();
        var reader = await lane.SpawnWaiting<int>(BodyKind.Async, async _ =>
        {
            await foreach (var item in queue.WithCancellation(cancel.Token))
                return item;
            return -1;
        });
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.ValueOf(reader));
        queue.Put(1);
        Assert.Equal(1, queue.Count);
    }

    [Theory, LoopsAndBodies]
    public async Task Shutdown_PuttersGetTheError_GettersGetWhatIsLeft(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>(1);
        queue.Put(1);
        var putter = await lane.SpawnWaiting<bool>(body, waits => waits.Of(
            () =>
            {
                queue.Put(2);
                return true;
            },
            async () =>
            {
                await queue.PutAsync(2);
                return true;
            }));
        Assert.False(queue.IsShutDown);
        queue.Shutdown();
        Assert.True(queue.IsShutDown);
        await Assert.ThrowsAsync<QueueShutDownException>(() => lane.ValueOf(putter));
        Assert.Throws<QueueShutDownException>(() => queue.Put(3));
        Assert.Throws<QueueShutDownException>(() => queue.TryPut(3));
        Assert.Equal(1, queue.Peek());
        Assert.Equal(1, queue.Get());
        Assert.Throws<QueueShutDownException>(() => queue.Get());
        Assert.Throws<QueueShutDownException>(() => queue.Peek());
        Assert.False(queue.TryGet(out _, TimeSpan.FromSeconds(5)));
        Assert.False(queue.Join(TimeSpan.Zero));
        queue.TaskDone();
        Assert.True(queue.Join(TimeSpan.Zero));
        queue.Shutdown();
    }

    [Theory, LoopsAndBodies]
    public async Task Shutdown_OfAnEmptyQueue_GettersAndPeekersGetTheError(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>();
        var getter = await lane.SpawnWaiting(body, waits => waits.Of(() => queue.Get(), () => queue.GetAsync()));
        var peeker = await lane.SpawnWaiting(body, waits => waits.Of(() => queue.Peek(), () => queue.PeekAsync()));
        var trier = await lane.SpawnWaiting(body, waits => waits.Of(
            () => queue.TryGet(out _, Timeout.InfiniteTimeSpan), async () => (await queue.TryGetAsync(Timeout.InfiniteTimeSpan)).IsTaken));
        queue.Shutdown();
        await Assert.ThrowsAsync<QueueShutDownException>(() => lane.ValueOf(getter));
        await Assert.ThrowsAsync<QueueShutDownException>(() => lane.ValueOf(peeker));
        Assert.False(await lane.ValueOf(trier));
    }

    [Theory, LoopsAndBodies]
    public async Task ShutdownImmediate_DropsWhatIsLeft_WhichCountsAsDone(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>();
        for (var i = 0; i < 3; i++)
            queue.Put(i);
        queue.Get();
        var joiner = await lane.SpawnWaiting(body, waits => waits.Of(() => queue.Join(), () => queue.JoinAsync()));
        queue.Shutdown(immediate: true);
        Assert.Throws<QueueShutDownException>(() => queue.Get());
        Assert.Equal(1, queue.UnfinishedCount);
        await lane.Settle();
        Assert.False(joiner.IsReady, "The item that was taken is not done.");
        queue.TaskDone();
        Assert.True(await lane.ValueOf(joiner));
    }

    [Theory, LoopsAndBodies]
    public async Task Shutdown_AfterAGetterWasChosen_LeavesItItsItem(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>();
        var getters = await lane.SpawnWaiting(body, 2, (waits, _) => waits.Of(() => queue.Get(), () => queue.GetAsync()));
        await lane.OnHub(() =>
        {
            queue.Put(1);
            queue.Shutdown(immediate: true);
        });
        Assert.Equal(1, await lane.ValueOf(getters[0]));
        await Assert.ThrowsAsync<QueueShutDownException>(() => lane.ValueOf(getters[1]));
    }
}
