namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Limits of time, locals, pools, joins and offload against gevent's.</summary>
internal static class PoolRows
{
    private const int Many = 1_000_000;
    private const int Some = 100_000;
    private const int Few = 20_000;

    internal static IEnumerable<Row> All(Hub hub, GeventPeer gevent)
    {
        Row Async(string name, string peer, int count, Func<int, Task> ours) =>
            Row.Rate(name, "gevent", 1, () => Count(ours(count), count), () => gevent.RunAsync(peer, count), count);
        // A hand-off between threads on both sides.
        Row Threads(string name, string peer, int count, Func<int, Task> ours) =>
            Row.Rate(name, "gevent", 0, () => Count(ours(count), count), () => gevent.RunAsync(peer, count), count);

        yield return Async("timeout, start and stop", "timeout", Many, n => On(hub, () => StartAndStop(n)));
        yield return Async("timeout, start and stop, async body", "timeout", Many, n => hub.Bridge.AsTask(hub.Spawn(() => StartAndStopAsync(n))));
        yield return Async("greenlet-local, read", "local_read", Many * 10, n => On(hub, () => ReadLocal(n)));
        yield return Async("pool of 100, spawn", "pool_spawn", Some, n => PoolSpawnAsync(hub, n));
        yield return Async("pool of 100, unordered map", "pool_imap_unordered", Some, n => PoolMapAsync(hub, n));
        yield return Async("JoinAll of 100,000", "join_all", Some, n => JoinAllAsync(hub, n));
        yield return Threads("offload", "threadpool_apply", Few, n => hub.Bridge.AsTask(hub.Spawn(() => OffloadAsync(hub, n))));
    }

    private static async Task<long> Count(Task work, int count)
    {
        await work;
        return count;
    }

    private static Task On(Hub hub, Action body) => hub.Bridge.AsTask(hub.Spawn(body));

    private static void StartAndStop(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using (GreenletTimeout.Start(TimeSpan.FromSeconds(10)))
            {
            }
        }
    }

    private static async Task StartAndStopAsync(int count)
    {
        await Greenlet.YieldAsync();
        StartAndStop(count);
    }

    private static void ReadLocal(int count)
    {
        var local = new GreenletLocal<int> { Value = 1 };
        var sum = 0;
        for (var i = 0; i < count; i++)
            sum += local.Value;
        if (sum != count)
            throw new InvalidOperationException("the local has lost its value");
    }

    private static Task PoolSpawnAsync(Hub hub, int count) => hub.Bridge.AsTask(hub.Spawn(async () =>
    {
        var pool = new GreenletPool(100);
        for (var i = 0; i < count; i++)
            await pool.SpawnAsync(static () => Task.CompletedTask);
        await pool.JoinAsync();
    }));

    private static Task PoolMapAsync(Hub hub, int count) => hub.Bridge.AsTask(hub.Spawn(async () =>
    {
        var pool = new GreenletPool(100);
        var sum = 0L;
        await foreach (var value in pool.IMapUnorderedAsync(Enumerable.Range(0, count), Task.FromResult))
            sum += value;
        if (sum != (long)count * (count - 1) / 2)
            throw new InvalidOperationException("values are missing");
    }));

    private static Task JoinAllAsync(Hub hub, int count) => hub.Bridge.AsTask(hub.Spawn(async () =>
    {
        var all = new Greenlet[count];
        for (var i = 0; i < count; i++)
            all[i] = hub.Spawn(static () => Task.CompletedTask);
        if ((await Greenlet.JoinAllAsync(all)).Count != count)
            throw new InvalidOperationException("some have not ended");
    }));

    private static async Task OffloadAsync(Hub hub, int count)
    {
        for (var i = 0; i < count; i++)
            await hub.OffloadAsync(static () => { });
    }
}
