namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Starting greenlets, and going from one to the other, against gevent's.</summary>
internal static class SwitchRows
{
    private const int Many = 1_000_000;
    private const int Some = 200_000;
    private const int Few = 40_000;

    internal static IEnumerable<Row> All(Hub hub, GeventPeer gevent)
    {
        yield return Row.Rate("no-op greenlets spawned and joined, 100,000", "gevent", 100, () => CoreRows.Joined(hub), () => gevent.RunAsync("join_all", 100_000), 100_000);
        yield return Row.Rate("yield, 2 async bodies", "gevent", 1, () => YieldAsync(hub, 2, Many), () => gevent.RunAsync("yield_two", Some), Many);
        yield return Row.Rate("yield, 2 blocking bodies", "gevent", 0.3, () => Yield(hub, 2, Few), () => gevent.RunAsync("yield_two", Some), Few);
        yield return Row.Rate("yield, 10,000 async bodies", "gevent", 10, () => YieldAsync(hub, 10_000, Many), () => gevent.RunAsync("yield_ten_thousand", Some), Many);
        yield return Row.Rate("yield, 1,000 blocking bodies", "gevent", 0.3, () => Yield(hub, 1_000, Few), () => gevent.RunAsync("yield_thousand", Some), Few);
    }

    private static async Task<long> YieldAsync(Hub hub, int greenlets, int count)
    {
        var each = count / greenlets;
        await Task.WhenAll(Enumerable.Range(0, greenlets).Select(_ => hub.Bridge.AsTask(hub.Spawn(async () =>
        {
            for (var i = 0; i < each; i++)
                await Greenlet.YieldAsync();
        }))));
        return (long)each * greenlets;
    }

    private static async Task<long> Yield(Hub hub, int greenlets, int count)
    {
        var each = count / greenlets;
        await Task.WhenAll(Enumerable.Range(0, greenlets).Select(_ => hub.Bridge.AsTask(hub.Spawn(() =>
        {
            for (var i = 0; i < each; i++)
                Greenlet.Yield();
        }))));
        return (long)each * greenlets;
    }
}
