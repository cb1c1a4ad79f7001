namespace GreenletBridge.Benchmarks.Compare;

/// <summary>Work that only computes, on all processors.</summary>
internal static class ComputeRows
{
    private const int Count = 4_000;

    internal static IEnumerable<Row> All()
    {
        // As long as the process: the rows run later.
        var group = new HubGroup(Environment.ProcessorCount, new HubOptions { Name = "compute" });
        group.Start();
        yield return Row.Rate(
            "computing for some 0.2 ms", "Task.Run", 0.97, () => All(() => group.Bridge.RunAsync(Compute)), static () => All(static () => Task.Run(Compute)));
    }

    private static async Task<long> All(Func<Task> start)
    {
        var all = new Task[Count];
        for (var i = 0; i < Count; i++)
            all[i] = start();
        await Task.WhenAll(all);
        return Count;
    }

    private static void Compute()
    {
        var x = 1u;
        for (var i = 0; i < 150_000; i++)
            x = (x * 1_664_525) + 1_013_904_223;
        if (x == 0)
            throw new InvalidOperationException("never comes: it keeps the loop");
    }
}
