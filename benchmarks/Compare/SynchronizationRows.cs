namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Queues, channel, event, semaphore and lock against gevent's.</summary>
internal static class SynchronizationRows
{
    private const int Many = 1_000_000;
    private const int Some = 200_000;
    private const int Few = 40_000;

    internal static IEnumerable<Row> All(Hub hub, GeventPeer gevent)
    {
        Row Async(string name, string peer, int count, Func<int, Task> ours, double goal = 1) =>
            Row.Rate(name, "gevent", goal, () => Count(ours(count), count), () => gevent.RunAsync(peer, count), count);
        // A thread hand-off a wait against a switch of stacks in one thread.
        Row Blocking(string name, string peer, Func<int, Task> ours) =>
            Row.Rate($"{name}, blocking bodies", "gevent", 0.3, () => Count(ours(Few), Few), () => gevent.RunAsync(peer, Few), Few);

        yield return Async("queue, unbounded, one to another", "queue_unbounded", Some, n => HandOverAsync(hub, new GreenletQueue<int>(), n));
        yield return Async("queue of 1, one to another", "queue_one", Some, n => HandOverAsync(hub, new GreenletQueue<int>(1), n));
        yield return Async("channel, one to another", "channel", Some, n => ChannelAsync(hub, n));
        yield return Async("queue ping-pong", "queue_ping_pong", Some, n => QueuePingPongAsync(hub, n), goal: 5);
        yield return Async("event ping-pong", "event_ping_pong", Some, n => EventPingPongAsync(hub, n), goal: 5);
        yield return Async("semaphore ping-pong", "semaphore_ping_pong", Some, n => SemaphorePingPongAsync(hub, n), goal: 5);
        yield return Async("semaphore contended by 100", "semaphore_contended", Some, n => ContendedAsync(hub, n));
        yield return Async("semaphore, uncontended", "semaphore_uncontended", Many, n => Uncontended(hub, n));
        yield return Async("lock, uncontended", "lock_uncontended", Many, n => UncontendedLock(hub, n));
        yield return Async("spawn, set and get a result", "result", Some, n => ResultAsync(hub, n));
        yield return Blocking("queue of 1, one to another", "queue_one", n => HandOver(hub, new GreenletQueue<int>(1), n));
        yield return Blocking("queue ping-pong", "queue_ping_pong", n => QueuePingPong(hub, n));
        yield return Blocking("event ping-pong", "event_ping_pong", n => EventPingPong(hub, n));
        yield return Blocking("semaphore ping-pong", "semaphore_ping_pong", n => SemaphorePingPong(hub, n));
    }

    private static async Task<long> Count(Task work, int count)
    {
        await work;
        return count;
    }

    private static Task Both(Hub hub, Func<Task> one, Func<Task> other) =>
        Task.WhenAll(hub.Bridge.AsTask(hub.Spawn(one)), hub.Bridge.AsTask(hub.Spawn(other)));

    private static Task Both(Hub hub, Action one, Action other) =>
        Task.WhenAll(hub.Bridge.AsTask(hub.Spawn(one)), hub.Bridge.AsTask(hub.Spawn(other)));

    private static Task HandOverAsync(Hub hub, GreenletQueue<int> queue, int count) => Both(
        hub,
        async () =>
        {
            for (var i = 0; i < count; i++)
                await queue.PutAsync(i);
        },
        async () =>
        {
            for (var i = 0; i < count; i++)
                await queue.GetAsync();
        });

    private static Task HandOver(Hub hub, GreenletQueue<int> queue, int count) => Both(
        hub,
        () =>
        {
            for (var i = 0; i < count; i++)
                queue.Put(i);
        },
        () =>
        {
            for (var i = 0; i < count; i++)
                queue.Get();
        });

    private static Task ChannelAsync(Hub hub, int count)
    {
        var channel = new GreenletChannel<int>();
        return Both(
            hub,
            async () =>
            {
                for (var i = 0; i < count; i++)
                    await channel.PutAsync(i);
            },
            async () =>
            {
                for (var i = 0; i < count; i++)
                    await channel.GetAsync();
            });
    }

    private static Task QueuePingPongAsync(Hub hub, int count)
    {
        var (there, back) = (new GreenletQueue<int>(), new GreenletQueue<int>());
        return Both(
            hub,
            async () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    there.TryPut(i);
                    await back.GetAsync();
                }
            },
            async () =>
            {
                for (var i = 0; i < count / 2; i++)
                    back.TryPut(await there.GetAsync());
            });
    }

    private static Task QueuePingPong(Hub hub, int count)
    {
        var (there, back) = (new GreenletQueue<int>(), new GreenletQueue<int>());
        return Both(
            hub,
            () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    there.Put(i);
                    back.Get();
                }
            },
            () =>
            {
                for (var i = 0; i < count / 2; i++)
                    back.Put(there.Get());
            });
    }

    private static Task EventPingPongAsync(Hub hub, int count)
    {
        var (there, back) = (new GreenletEvent(), new GreenletEvent());
        return Both(
            hub,
            async () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    there.Set();
                    await back.WaitAsync();
                    back.Clear();
                }
            },
            async () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    await there.WaitAsync();
                    there.Clear();
                    back.Set();
                }
            });
    }

    private static Task EventPingPong(Hub hub, int count)
    {
        var (there, back) = (new GreenletEvent(), new GreenletEvent());
        return Both(
            hub,
            () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    there.Set();
                    back.Wait();
                    back.Clear();
                }
            },
            () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    there.Wait();
                    there.Clear();
                    back.Set();
                }
            });
    }

    private static Task SemaphorePingPongAsync(Hub hub, int count)
    {
        var (there, back) = (new GreenletSemaphore(0), new GreenletSemaphore(0));
        return Both(
            hub,
            async () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    there.Release();
                    await back.AcquireAsync();
                }
            },
            async () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    await there.AcquireAsync();
                    back.Release();
                }
            });
    }

    private static Task SemaphorePingPong(Hub hub, int count)
    {
        var (there, back) = (new GreenletSemaphore(0), new GreenletSemaphore(0));
        return Both(
            hub,
            () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    there.Release();
                    back.Acquire();
                }
            },
            () =>
            {
                for (var i = 0; i < count / 2; i++)
                {
                    there.Acquire();
                    back.Release();
                }
            });
    }

    private static Task ContendedAsync(Hub hub, int count)
    {
        var semaphore = new GreenletSemaphore();
        return Task.WhenAll(Enumerable.Range(0, 100).Select(_ => hub.Bridge.AsTask(hub.Spawn(async () =>
        {
            for (var i = 0; i < count / 100; i++)
            {
                using (await semaphore.AcquireAsync())
                    await Greenlet.YieldAsync();
            }
        }))));
    }

    private static Task Uncontended(Hub hub, int count)
    {
        var semaphore = new GreenletSemaphore();
        return hub.Bridge.AsTask(hub.Spawn(() =>
        {
            for (var i = 0; i < count; i++)
                semaphore.Acquire().Dispose();
        }));
    }

    private static Task UncontendedLock(Hub hub, int count)
    {
        var gate = new GreenletLock();
        return hub.Bridge.AsTask(hub.Spawn(() =>
        {
            for (var i = 0; i < count; i++)
                gate.Acquire().Dispose();
        }));
    }

    private static Task ResultAsync(Hub hub, int count) => hub.Bridge.AsTask(hub.Spawn(async () =>
    {
        for (var i = 0; i < count; i++)
        {
            var answer = new AsyncResult<int>();
            _ = hub.Spawn(() => answer.Set(1));
            await answer;
        }
    }));
}
