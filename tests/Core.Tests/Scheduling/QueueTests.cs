using System.Collections.Concurrent;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Scheduling;

/// <summary>The three queues of items: order, and that nothing is lost.</summary>
public sealed class QueueTests
{
    [Fact]
    public void WorkQueue_AgainstAModel_GivesTheSameItems()
    {
        const int Seed = 20260101;
        var random = new Random(Seed);
        var queue = default(WorkQueue);
        var model = new LinkedList<TestItem>();
        for (var i = 0; i < 20_000; i++)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    var last = new TestItem(i);
                    queue.Enqueue(last);
                    model.AddLast(last);
                    break;
                case 2:
                    var first = new TestItem(i);
                    queue.PushFront(first);
                    model.AddFirst(first);
                    break;
                default:
                    var expected = model.First?.Value;
                    Assert.True(queue.TryDequeue(out var item) == expected is not null, $"seed {Seed}, step {i}");
                    Assert.Same(expected, item);
                    if (expected is not null)
                        model.RemoveFirst();
                    Assert.Null(item?.Next);
                    break;
            }

            Assert.Equal(model.Count, queue.Count);
            Assert.Equal(model.Count == 0, queue.IsEmpty);
        }
    }

    [Fact]
    public void Inbox_TakeAll_GivesOldestFirst()
    {
        var inbox = default(Inbox);
        Assert.True(inbox.IsEmpty);
        Assert.Null(inbox.TakeAll());
        for (var i = 0; i < 100; i++)
            inbox.Push(new TestItem(i));
        Assert.Equal(100, inbox.Count);

        var taken = ToList(inbox.TakeAll());

        Assert.Equal(Enumerable.Range(0, 100), taken.Select(static item => item.Id));
        Assert.True(inbox.IsEmpty);
        Assert.Equal(0, inbox.Count);
    }

    [Fact]
    public void Inbox_ConcurrentProducers_NothingIsLostAndEachOnesOrderIsKept()
    {
        const int Producers = 4;
        const int Each = 50_000;
        var inbox = new InboxBox();
        var threads = Enumerable.Range(0, Producers)
            .Select(producer => new Thread(() =>
            {
                for (var i = 0; i < Each; i++)
                    inbox.Value.Push(new TestItem(i, producer));
            }))
            .ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        var next = new int[Producers];
        var total = 0;
        while (total < Producers * Each)
        {
            foreach (var item in ToList(inbox.Value.TakeAll()))
            {
                Assert.Equal(next[item.Producer]++, item.Id);
                total++;
            }

            if (inbox.Value.IsEmpty && !Array.Exists(threads, static thread => thread.IsAlive) && inbox.Value.IsEmpty)
                break;
        }

        Assert.Equal(Producers * Each, total);
        Array.ForEach(threads, static thread => Deadline.Wait(thread, "a producer"));
    }

    [Fact]
    public void SharedQueue_ConcurrentConsumers_EveryItemIsTakenOnceAndInOrder()
    {
        const int Items = 50_000;
        var queue = new SharedQueue();
        var taken = new ConcurrentBag<int>();
        var outOfOrder = 0;
        var consumers = Enumerable.Range(0, 3)
            .Select(_ => new Thread(() =>
            {
                var last = -1;
                while (last < Items)
                {
                    if (!queue.TryDequeue(admits: true, out var item))
                        continue;
                    var id = ((TestItem)item).Id;
                    if (id <= last)
                        Interlocked.Increment(ref outOfOrder);
                    last = id;
                    if (id < Items)
                        taken.Add(id);
                }
            }))
            .ToArray();
        Array.ForEach(consumers, static thread => thread.Start());
        for (var i = 0; i < Items + consumers.Length; i++)
            queue.Enqueue(new TestItem(i));

        Array.ForEach(consumers, static thread => Deadline.Wait(thread, "a consumer"));
        Assert.Equal(0, outOfOrder);
        Assert.Equal(Enumerable.Range(0, Items), taken.Order());
        Assert.True(queue.IsEmpty);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void SharedQueue_CapReached_GivesOnlyWhatNeedsNoAdmission()
    {
        var queue = new SharedQueue();
        for (var i = 0; i < 6; i++)
            queue.Enqueue(new TestItem(i) { NeedsAdmission = i % 2 == 0 });

        Assert.Equal([0, 1], Take(admits: true, 2));
        Assert.True(queue.HasFor(admits: false));
        Assert.Equal([3, 5], Take(admits: false, 3));
        Assert.False(queue.HasFor(admits: false));
        Assert.True(queue.HasFor(admits: true));
        Assert.Equal(2, queue.Count);
        Assert.Equal([2, 4], Take(admits: true, 3));
        Assert.True(queue.IsEmpty);

        IEnumerable<int> Take(bool admits, int most)
        {
            for (var i = 0; i < most && queue.TryDequeue(admits, out var item); i++)
                yield return ((TestItem)item).Id;
        }
    }

    private static List<TestItem> ToList(WorkItem? chain)
    {
        var list = new List<TestItem>();
        for (var item = chain; item is not null; item = item.Next)
            list.Add((TestItem)item);
        return list;
    }

    // A struct that threads share.
    private sealed class InboxBox
    {
        internal Inbox Value;
    }
}
