using System.Diagnostics;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>What the wait hook adds to a wait that need not block.</summary>
internal static class HookRows
{
    private const int Count = 300_000;

    internal static IEnumerable<Row> All(Hub hub)
    {
        yield return Row.Figure("the hook's share of an uncontended WaitOne", 100, "ns", lessIsBetter: true, async () =>
        {
            var there = await hub.Bridge.SyncToAsync(static () => Nanoseconds())();
            var elsewhere = await Task.Factory.StartNew(Nanoseconds, TaskCreationOptions.LongRunning);
            return Math.Max(1, there - elsewhere);
        });
    }

    private static double Nanoseconds()
    {
        using var ready = new AutoResetEvent(false);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Count; i++)
        {
            ready.Set();
            ready.WaitOne();
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Count;
    }
}
