namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>Priority and last-in queues.</summary>
public sealed class QueueKindTests
{
    private static ValueTask<bool> Put<T>(BodyWaits waits, GreenletQueue<T> queue, T item) => waits.Of(
        () =>
        {
            queue.Put(item);
            return true;
        },
        async () =>
        {
            await queue.PutAsync(item);
            return true;
        });

    private static List<T> TakeAll<T>(GreenletQueue<T> queue)
    {
        var all = new List<T>();
        while (queue.TryGet(out var item))
            all.Add(item);
        return all;
    }

    [Fact]
    public void LastIn_TakesTheNewest()
    {
        var queue = new GreenletLifoQueue<int>();
        for (var i = 0; i < 4; i++)
            queue.Put(i);
        Assert.Equal(3, queue.Peek());
        Assert.Equal([3, 2, 1, 0], TakeAll(queue));
    }

    [Fact]
    public void Priority_TakesTheLeast_FirstInFirstOutAmongEquals()
    {
        var random = new Random(5);
        var queue = new GreenletPriorityQueue<(int Priority, int Number)>(comparer: Comparer<(int Priority, int Number)>.Create(static (a, b) => a.Priority.CompareTo(b.Priority)));
        var items = Enumerable.Range(0, 500).Select(i => (Priority: random.Next(20), Number: i)).ToArray();
        foreach (var item in items)
            queue.Put(item);
        Assert.Equal(500, queue.Count);
        Assert.Equal(items.OrderBy(static item => item.Priority).First(), queue.Peek());
        Assert.Equal(items.OrderBy(static item => item.Priority), TakeAll(queue));
    }

    [Theory, LoopsAndBodies]
    public async Task Priority_PuttersOfAFullOne_SortThemselvesInWhenThereIsRoom(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletPriorityQueue<int>(2);
        queue.Put(50);
        queue.Put(60);
        var putters = await lane.SpawnWaiting(body, 3, (waits, i) => Put(waits, queue, 10 - i));
        Assert.Equal(50, queue.Get());
        Assert.True(await lane.ValueOf(putters[0]));
        Assert.Equal(10, queue.Get());
        Assert.True(await lane.ValueOf(putters[1]));
        Assert.Equal(9, queue.Get());
        Assert.True(await lane.ValueOf(putters[2]));
        Assert.Equal([8, 60], TakeAll(queue));
    }

    [Theory, LoopsAndBodies]
    public async Task Priority_ComparerThatThrows_IsThePuttersError_AndNothingWasPut(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletPriorityQueue<int>(2, Comparer<int>.Create(static (a, b) => a == 13 || b == 13 ? throw new FormatException() : a.CompareTo(b)));
        queue.Put(1);
        Assert.Throws<FormatException>(() => queue.Put(13));
        queue.Put(2);
        var bad = await lane.SpawnWaiting(body, waits => Put(waits, queue, 13));
        var good = await lane.SpawnWaiting(body, waits => Put(waits, queue, 3));
        Assert.Equal(1, queue.Get());
        await Assert.ThrowsAsync<FormatException>(() => lane.ValueOf(bad));
        // The room that the first had is the second's.
        Assert.True(await lane.ValueOf(good));
        Assert.Equal([2, 3], TakeAll(queue));
        Assert.Equal(3, queue.UnfinishedCount);
    }

    [Theory, Loops]
    public async Task Priority_ComparerThatWaitsAndUsesTheQueue_HoldsUpNobody(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletEvent();
        var entered = new GreenletEvent();
        GreenletPriorityQueue<int> queue = null!;
        queue = new GreenletPriorityQueue<int>(comparer: Comparer<int>.Create((a, b) =>
        {
            if (a == 100)
            {
                Assert.Equal(b, queue.Peek());
                entered.Set();
                gate.Wait();
            }

            return a.CompareTo(b);
        }));
        queue.Put(50);
        var slow = lane.Hub.Spawn(() => queue.Put(100));
        await lane.For(entered.WaitAsync().AsTask(), "the comparer runs");
        queue.Put(40);
        Assert.Equal(40, queue.Get());
        Assert.Equal(50, queue.Get());
        gate.Set();
        await lane.Ended(slow);
        Assert.Equal(100, queue.Get());
    }

    [Fact]
    public void Priority_OfWhatHasNoOrder_SaysSo()
    {
        var queue = new GreenletPriorityQueue<object>();
        queue.Put(new object());
        Assert.ThrowsAny<Exception>(() => queue.Put(new object()));
        Assert.Equal(1, queue.Count);
    }

    [Theory, Loops]
    public async Task Priority_ManyThreadsAtOnce_LoseNothing(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var queue = new GreenletPriorityQueue<int>(8);
        var putters = Enumerable.Range(0, 4).Select(p => HubUnderTest.OnPlainThread(() =>
        {
            for (var i = 0; i < 250; i++)
                queue.Put((i * 4) + p);
            return 0;
        })).ToArray();
        var getters = Enumerable.Range(0, 3).Select(_ => lane.Hub.Spawn(() =>
        {
            var got = new List<int>();
            foreach (var item in queue)
                got.Add(item);
            return got;
        })).ToArray();
        await lane.For(Task.WhenAll(putters), "all puts");
        queue.Shutdown();
        var all = new List<int>();
        foreach (var getter in getters)
            all.AddRange(await lane.ValueOf(getter));
        Assert.Equal(Enumerable.Range(0, 1000), all.Order());
    }
}
