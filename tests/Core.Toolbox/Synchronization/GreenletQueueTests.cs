namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>GreenletQueue: bounded or not, blocked putters and getters first in, first out, Try forms, Peek.</summary>
public sealed class GreenletQueueTests
{
    private static ValueTask<T> Get<T>(BodyWaits waits, GreenletQueue<T> queue, TimeSpan? timeout = null) =>
        waits.Of(() => queue.Get(timeout), () => queue.GetAsync(timeout));

    private static ValueTask<bool> Put<T>(BodyWaits waits, GreenletQueue<T> queue, T item, TimeSpan? timeout = null) => waits.Of(
        () =>
        {
            queue.Put(item, timeout);
            return true;
        },
        async () =>
        {
            await queue.PutAsync(item, timeout);
            return true;
        });

    [Theory, LoopsAndBodies]
    public async Task Unbounded_GivesItemsInOrder_AndNeverWaitsToPut(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>();
        var consumer = lane.Spawn<int[]>(body, async waits =>
        {
            var all = new int[1000];
            for (var i = 0; i < all.Length; i++)
                all[i] = await Get(waits, queue);
            return all;
        });
        for (var i = 0; i < 1000; i++)
            queue.Put(i);
        Assert.Equal(Enumerable.Range(0, 1000), await lane.ValueOf(consumer));
        Assert.True(queue.IsEmpty);
        Assert.False(queue.IsFull);
        Assert.Null(queue.Capacity);
    }

    [Theory, LoopsAndBodies]
    public async Task Getters_AreServedInOrder_AndWhatTheyWereChosenForIsTheirs(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<string>();
        var getters = await lane.SpawnWaiting(body, 3, (waits, _) => Get(waits, queue));
        var taken = true;
        var count = -1;
        await lane.OnHub(() =>
        {
            queue.Put("a");
            queue.Put("b");
            taken = queue.TryGet(out _);
            count = queue.Count;
            queue.Put("c");
            queue.Put("d");
        });
        Assert.False(taken);
        Assert.Equal(0, count);
        Assert.Equal("a", await lane.ValueOf(getters[0]));
        Assert.Equal("b", await lane.ValueOf(getters[1]));
        Assert.Equal("c", await lane.ValueOf(getters[2]));
        Assert.True(queue.TryGet(out var left));
        Assert.Equal("d", left);
    }

    [Theory, LoopsAndBodies]
    public async Task Putters_OfAFullQueue_WaitAndAreServedInOrder(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>(2);
        queue.Put(0);
        queue.Put(1);
        Assert.True(queue.IsFull);
        Assert.False(queue.TryPut(99));
        Assert.Throws<TimeoutException>(() => queue.Put(99, TimeSpan.Zero));
        var putters = await lane.SpawnWaiting(body, 3, (waits, i) => Put(waits, queue, i + 2));
        var got = new List<int>();
        await lane.OnHub(() =>
        {
            // Room that was made is the first putter's at once.
            while (queue.TryGet(out var item))
                got.Add(item);
        });
        Assert.Equal([0, 1, 2, 3, 4], got);
        foreach (var putter in putters)
            Assert.True(await lane.ValueOf(putter));
    }

    [Theory, LoopsAndBodies]
    public async Task TimeIsUp_GetAndPutThrow_TryFormsReturnFalse_AndNothingWasPut(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var second = TimeSpan.FromSeconds(1);
        var full = new GreenletQueue<int>(1);
        full.Put(7);
        var empty = new GreenletQueue<int>();
        var get = await lane.SpawnWaiting(body, waits => Get(waits, empty, second));
        var put = await lane.SpawnWaiting(body, waits => Put(waits, full, 8, second));
        var tryGet = await lane.SpawnWaiting(body, waits => waits.Of(() => empty.TryGet(out _, second), async () => (await empty.TryGetAsync(second)).IsTaken));
        var tryPut = await lane.SpawnWaiting(body, waits => waits.Of(() => full.TryPut(9, second), () => full.TryPutAsync(9, second)));
        var peek = await lane.SpawnWaiting(body, waits => waits.Of(() => empty.Peek(second), () => empty.PeekAsync(second)));
        lane.Time.Advance(second);
        await Assert.ThrowsAsync<TimeoutException>(() => lane.ValueOf(get));
        await Assert.ThrowsAsync<TimeoutException>(() => lane.ValueOf(put));
        await Assert.ThrowsAsync<TimeoutException>(() => lane.ValueOf(peek));
        Assert.False(await lane.ValueOf(tryGet));
        Assert.False(await lane.ValueOf(tryPut));

        empty.Put(1);
        Assert.Equal(1, empty.Count);
        Assert.Equal(7, full.Get());
        Assert.False(full.TryGet(out _));
    }

    [Theory, LoopsAndBodies]
    public async Task Peek_LeavesTheItem(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<string>();
        Assert.False(queue.TryPeek(out _));
        var first = await lane.SpawnWaiting(body, waits => waits.Of(() => queue.Peek(), () => queue.PeekAsync()));
        var getter = await lane.SpawnWaiting(body, waits => Get(waits, queue));
        var second = await lane.SpawnWaiting(body, waits => waits.Of(() => queue.Peek(), () => queue.PeekAsync()));
        queue.Put("a");
        Assert.Equal("a", await lane.ValueOf(first));
        Assert.Equal("a", await lane.ValueOf(getter));
        await lane.Settle();
        Assert.False(second.IsReady, "The getter came before it.");
        queue.Put("b");
        Assert.Equal("b", await lane.ValueOf(second));
        Assert.True(queue.TryPeek(out var item));
        Assert.Equal("b", item);
        Assert.Equal("b", queue.Peek());
        Assert.Equal(1, queue.Count);
    }

    [Theory, LoopsAndBodies]
    public async Task Join_WaitsUntilAllThatWasPutIsDone(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletQueue<int>(1);
        Assert.True(queue.Join(TimeSpan.Zero));
        queue.Put(1);
        var putter = await lane.SpawnWaiting(body, waits => Put(waits, queue, 2));
        Assert.Equal(1, queue.UnfinishedCount);
        var joiner = await lane.SpawnWaiting(body, waits => waits.Of(() => queue.Join(), () => queue.JoinAsync()));
        var impatient = await lane.SpawnWaiting(body, waits => waits.Of(() => queue.Join(TimeSpan.FromSeconds(1)), () => queue.JoinAsync(TimeSpan.FromSeconds(1))));
        queue.Get();
        Assert.True(await lane.ValueOf(putter));
        queue.Get();
        queue.TaskDone();
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await lane.ValueOf(impatient));
        Assert.False(joiner.IsReady);
        queue.TaskDone();
        Assert.True(await lane.ValueOf(joiner));
        Assert.Throws<InvalidOperationException>(queue.TaskDone);
        Assert.Equal(0, queue.UnfinishedCount);
    }

    [Fact]
    public void NumbersOutOfRange_AreNamed_WithTheFix()
    {
        foreach (var capacity in (int[])[0, -1])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => new GreenletQueue<int>(capacity));
            Assert.Equal("capacity", error.ParamName);
            Assert.Contains("GreenletChannel", error.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => new GreenletLifoQueue<int>(capacity));
            Assert.Throws<ArgumentOutOfRangeException>(() => new GreenletPriorityQueue<int>(capacity));
        }
    }
}
