namespace GreenletBridge.Benchmarks.Http;

/// <summary>The same burst on the plain thread pool, each in a server just started, as after a deployment.</summary>
/// <remarks>Beside it the two others from a server just as cold, so that all three stand in one table of one run.</remarks>
internal sealed class ThreadPoolScenario : Scenario
{
    private const string Pool = "/threadpool/wait?ms=100";

    public override string Name => "threadpool";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var report = new ScenarioReport(
            Name,
            "Burst on a server just started: thread pool, greenlets, async",
            ["requests", "path", "last answer, ms", "answered 200", "refused", "lost", "client CPU", "server CPU"]);
        foreach (var size in options.Sizes)
        {
            foreach (var path in new[] { Pool, BurstScenario.Greenlets, BurstScenario.Async })
            {
                using var server = SampleServer.Start(options);
                using var client = new BurstClient(server, size);
                var result = client.Run(path, options.PoolBound);
                report.Rows.Add(
                [
                    Figures.Text(size, "0"),
                    path,
                    (result.LastAnswer >= options.PoolBound.TotalMilliseconds ? "given up at " : "") + Figures.Text(result.LastAnswer, "0.0"),
                    Figures.Text(size - result.Failures, "0"),
                    Figures.Text(result.Refused, "0"),
                    Figures.Text(result.Lost, "0"),
                    Share(result.ClientCpu, result.LastAnswer),
                    Share(result.ServerCpu, result.LastAnswer),
                ]);
                report.Rounds[$"{size} {path}"] = BurstScenario.Summary(result);
            }
        }

        report.Notes.Add($"One round each: cold is what it is once. Lost: closed, broken, or without an answer after {options.PoolBound.TotalSeconds:0} s.");
        return report;
    }
}
