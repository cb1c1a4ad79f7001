using System.Diagnostics;
using GreenletBridge.Benchmarks.WovenCode;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Fast mode: woven blocking code against gevent, against the plain code, and against its limits.</summary>
internal static class FastModeRows
{
    private const int Sleepers = 100_000;
    private const int Some = 200_000;
    private const int Many = 4_000_000;
    private const int Parked = 20_000;

    // To list greenlets gives each a number, which costs memory.
    private static readonly HubSnapshotOptions _counts = new() { Greenlets = false };

    internal static IEnumerable<Row> All(Hub hub, GeventPeer gevent)
    {
        yield return Row.Figure("woven: bytes of heap a handler that waits ten calls deep", 1_024, "B", lessIsBetter: true, BytesEachAsync);
        yield return Row.Figure("woven: 100,000 × Thread.Sleep(1000) on one hub", 2, "s", lessIsBetter: true, () => SleepAsync(hub)) with { WarmUp = 1 };
        yield return Row.Rate("woven: 100,000 × Thread.Sleep(1000)", "gevent", 1, () => SleepManyAsync(hub), () => gevent.RunAsync("sleep_second", Sleepers)) with { WarmUp = 1 };
        foreach (var (count, name) in new[] { (2, "two"), (10_000, "ten_thousand") })
        {
            yield return Row.Rate($"woven: yield in the innermost of ten calls, {count:N0} greenlets", "gevent", 10,
                () => RunAsync(hub, count, Bodies.YieldInside), () => gevent.RunAsync($"yield_inside_{name}", Some), Many);
            yield return Row.Rate($"woven: ten calls rebuilt for each yield, {count:N0} greenlets", "gevent", 3,
                () => RunAsync(hub, count, Bodies.YieldThrough), () => gevent.RunAsync($"yield_through_{name}", Some), Many);
        }

        yield return Row.Rate("woven: string work that never waits", "the same code, plain", 1 / 1.1, () => WorkAsync(hub), Plain, Many);
    }

    private static async Task<double> BytesEachAsync()
    {
        await using var hub = new Hub(new HubOptions { Name = "parked" });
        hub.Start();
        await ParkAsync(hub, 100);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await ParkAsync(hub, Parked);
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Parked;
    }

    private static async Task ParkAsync(Hub hub, int count)
    {
        var waiting = hub.Snapshot(_counts).Waiting + count;
        for (var i = 0; i < count; i++)
            _ = hub.Spawn(Bodies.WaitDeep);
        while (hub.Snapshot(_counts).Waiting < waiting)
            await Task.Delay(1);
    }

    private static async Task<double> SleepAsync(Hub hub)
    {
        var started = Stopwatch.GetTimestamp();
        await SleepManyAsync(hub);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<long> SleepManyAsync(Hub hub)
    {
        var all = new Task[Sleepers];
        for (var i = 0; i < all.Length; i++)
            all[i] = hub.Bridge.AsTask(hub.Spawn(Bodies.SleepSecond));
        await Task.WhenAll(all);
        return all.Length;
    }

    private static async Task<long> RunAsync(Hub hub, int greenlets, Func<int, Action> body)
    {
        var each = Many / greenlets;
        await Task.WhenAll(Enumerable.Range(0, greenlets).Select(_ => hub.Bridge.AsTask(hub.Spawn(body(each)))));
        return (long)each * greenlets;
    }

    private static async Task<long> WorkAsync(Hub hub)
    {
        await hub.Bridge.AsTask(hub.Spawn(Bodies.WorkWoven(Many)));
        return Many;
    }

    private static Task<long> Plain()
    {
        _ = Bodies.Work(Many);
        return Task.FromResult((long)Many);
    }
}
