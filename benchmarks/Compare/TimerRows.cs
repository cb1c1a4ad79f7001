using System.Diagnostics;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Greenlets that sleep.</summary>
internal static class TimerRows
{
    private const int Million = 1_000_000;
    private const int Many = 100_000;
    private const double SpreadSeconds = 30;

    internal static IEnumerable<Row> All(Hub hub)
    {
        // Half a minute: once, for both.
        var run = new Lazy<Task<(double Late, double Early)>>(() => SleepAsync(hub));
        yield return Once("1,000,000 sleepers over 30 s: lateness of all but one in a thousand", 10, "ms", async () => (await run.Value).Late);
        yield return Once("1,000,000 sleepers: how many came early, plus 1", 1, "greenlets", async () => (await run.Value).Early + 1);
        yield return Once("1,000,000 sleepers: memory of each", 600, "bytes", () => BytesAsync(hub));
    }

    internal static IEnumerable<Row> Against(Hub hub, GeventPeer gevent)
    {
        yield return new Row(
            "100,000 that sleep 0.1 s, from the first start to the last end",
            "gevent",
            10,
            () => Clock.MillisecondsAsync(() => Task.WhenAll(Enumerable.Range(0, Many).Select(_ => hub.Bridge.AsTask(hub.Spawn(static () => Greenlet.SleepAsync(TimeSpan.FromSeconds(0.1))))))),
            () => Clock.MillisecondsAsync(() => gevent.RunAsync("sleepers", Many)))
        {
            Unit = "ms",
            LessIsBetter = true,
            WarmUp = 1,
        };
    }

    private static Row Once(string name, double limit, string unit, Func<Task<double>> ours) => Row.Figure(name, limit, unit, lessIsBetter: true, ours) with { WarmUp = 0 };

    private static async Task<(double Late, double Early)> SleepAsync(Hub hub)
    {
        const int Seed = 30;
        var random = new Random(Seed);
        var lateness = new double[Million];
        GC.Collect();
        for (var i = 0; i < Million; i++)
        {
            var (own, time) = (i, TimeSpan.FromSeconds(1 + (random.NextDouble() * (SpreadSeconds - 1))));
            _ = hub.Spawn(async () =>
            {
                var began = Stopwatch.GetTimestamp();
                await Greenlet.SleepAsync(time);
                lateness[own] = (Stopwatch.GetElapsedTime(began) - time).TotalMilliseconds;
            });
        }

        await EndAsync(hub);
        Array.Sort(lateness);
        return (lateness[Million * 999 / 1_000], lateness.Count(static late => late < 0));
    }

    // Apart from the times: to look at the memory, the collector stops everything for seconds.
    private static async Task<double> BytesAsync(Hub hub)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var asleep = 0;
        var all = new Greenlet[Million];
        for (var i = 0; i < Million; i++)
        {
            all[i] = hub.Spawn(async () =>
            {
                Interlocked.Increment(ref asleep);
                await Greenlet.SleepAsync(TimeSpan.FromHours(1));
            });
        }

        while (Volatile.Read(ref asleep) < Million)
            await Task.Delay(10);
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Million;
        foreach (var greenlet in all)
            greenlet.Kill();
        await EndAsync(hub);
        return bytes;
    }

    private static async Task EndAsync(Hub hub)
    {
        do
        {
            await Task.Delay(100);
        }
        while (hub.Snapshot(new HubSnapshotOptions { Greenlets = false }).Active > 0);
    }
}
