namespace GreenletBridge.Benchmarks.Compare;

/// <summary>The conversions against what asyncio-gevent's reached where it could be installed: 4,900 and 9,260 a second.</summary>
internal static class ConversionRows
{
    private const int Many = 1_000_000;
    private const int Some = 100_000;

    internal static IEnumerable<Row> All(Hub hub)
    {
        var convert = hub.Bridge.SyncToAsync(static () => { });
        yield return Row.RateFigure("SyncToAsync no-op, one after the other; 100 × asyncio-gevent", 490_000, () => InTurn(convert), Some);
        var completed = hub.Bridge.AsyncToSync(static () => Task.CompletedTask);
        yield return Row.RateFigure("AsyncToSync of a completed method on a greenlet; 100 × asyncio-gevent", 926_000, () => OnGreenlet(hub, completed, Many), Many);
        var yields = hub.Bridge.AsyncToSync(static async () => await Greenlet.YieldAsync());
        yield return Row.RateFigure("AsyncToSync of a yielding method on a greenlet; 100 × asyncio-gevent", 926_000, () => OnGreenlet(hub, yields, Some), Some);
    }

    private static async Task<long> InTurn(Func<Task> call)
    {
        await Task.Run(async () =>
        {
            for (var i = 0; i < Some; i++)
                await call();
        });
        return Some;
    }

    private static async Task<long> OnGreenlet(Hub hub, Action call, int count)
    {
        await hub.Bridge.RunAsync(() =>
        {
            for (var i = 0; i < count; i++)
                call();
        });
        return count;
    }
}
