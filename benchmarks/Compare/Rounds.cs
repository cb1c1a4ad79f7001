namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Measures both sides of a row in turn, so that a machine whose speed drifts is fair to both.</summary>
internal static class Rounds
{
    internal static async Task<RowResult> MeasureAsync(Row row, int rounds)
    {
        for (var i = 0; i < row.WarmUp; i++)
        {
            await row.Ours();
            await row.Theirs();
        }

        var bytes = row.Operations > 0 ? await BytesAsync(row) : double.NaN;
        var ours = new double[rounds];
        var theirs = new double[rounds];
        var ratios = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            ours[i] = await row.Ours();
            theirs[i] = await row.Theirs();
            ratios[i] = row.LessIsBetter ? theirs[i] / ours[i] : ours[i] / theirs[i];
        }

        var ratio = Median(ratios);
        var spread = Median(Array.ConvertAll(ratios, r => Math.Abs(r - ratio)));
        return new RowResult(row.Name, Median(ours), row.Peer, Median(theirs), row.Unit, ratio, spread, row.Goal, ratio >= row.Goal - spread, bytes);
    }

    // Apart from the rounds: to count exactly, the runtime stops every thread.
    private static async Task<double> BytesAsync(Row row)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await row.Ours();
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / row.Operations;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
