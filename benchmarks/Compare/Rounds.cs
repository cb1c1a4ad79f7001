using System.Diagnostics;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Measures both sides of a row in turn, so that a machine whose speed drifts is fair to both.</summary>
internal static class Rounds
{
    internal static async Task<RowResult> MeasureAsync(Row row, int rounds)
    {
        // Warm: the JIT's tiers, the carriers, the pool's threads.
        for (var i = 0; i < 3; i++)
        {
            await RateAsync(row.Ours);
            await RateAsync(row.Theirs);
        }

        // Apart from the rounds: to count exactly, the runtime stops every thread.
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var operations = await row.Ours();
        var bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / operations;

        var ours = new double[rounds];
        var theirs = new double[rounds];
        var ratios = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            ours[i] = await RateAsync(row.Ours);
            theirs[i] = await RateAsync(row.Theirs);
            ratios[i] = ours[i] / theirs[i];
        }

        var ratio = Median(ratios);
        var spread = Median(Array.ConvertAll(ratios, r => Math.Abs(r - ratio)));
        return new RowResult(row.Name, Median(ours), row.Peer, Median(theirs), "1/s", ratio, spread, row.Goal, ratio >= row.Goal - spread, bytes);
    }

    private static async Task<double> RateAsync(Func<Task<long>> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var started = Stopwatch.GetTimestamp();
        var count = await work();
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
