namespace GreenletBridge.Benchmarks.Http;

/// <summary>What only the watchdog sees (Thread.Sleep, computing), and synchronous HTTP: bursts of it, and what others feel meanwhile.</summary>
internal sealed class UnseenScenario : Scenario
{
    private const int Size = 200;
    private const double BurstLimit = 800;
    private const double ProbeLimit = 50;
    internal const string Sleep = "/legacy/sleep?ms=100";
    internal const string Http = "/legacy/http?ms=100";
    private const string Busy = "/legacy/busy?ms=2000";

    public override string Name => "unseen";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var report = new ScenarioReport(
            Name,
            $"Unseen blocking: {Size} at once, and 200 sequential /plain/greenlet meanwhile",
            ["what", "p50, ms", "p99, ms", "slowest or last answer, ms", "failures", "bursts", "client CPU"]);
        using var server = SampleServer.Start(options);
        using var client = new BurstClient(server, Size);
        using var one = new BurstClient(server, 1);
        using var probe = new ProbeConnection(server.EndPoint, "/plain/greenlet");
        client.Run(BurstScenario.Async, Bound);
        foreach (var path in new[] { Sleep, Http, BurstScenario.Async })
        {
            // The first round is the one in which the watchdog learns and the carriers start.
            var first = client.Run(path, Bound);
            var rounds = Enumerable.Range(0, options.Rounds).Select(_ => client.Run(path, Bound)).ToList();
            Add(report, $"{Size} × {path}, first round", [first]);
            Add(report, $"{Size} × {path}", rounds);
            if (path != BurstScenario.Async)
            {
                report.Goals.Add(new Goal($"{path}: last answer of the first round, ms", BurstLimit, AtLeast: false, first.LastAnswer, 0));
                report.Goals.Add(new Goal($"{path}: last answer, ms", BurstLimit, AtLeast: false, Figures.Median(rounds.Select(round => round.LastAnswer).ToList()), 0));
                report.Goals.Add(new Goal($"{path}: failures", 0, AtLeast: false, first.Failures + rounds.Sum(round => round.Failures), 0));
            }
        }

        ResponsivenessScenario.Measure(report, probe, client, path: null);
        foreach (var (path, load) in new[] { (Sleep, client), (Http, client), (Busy, one) })
        {
            var latencies = ResponsivenessScenario.Measure(report, probe, load, path);
            report.Goals.Add(new Goal($"/plain/greenlet meanwhile {path}: p99, ms", ProbeLimit, AtLeast: false, Figures.Percentile(latencies, 0.99), 0));
        }

        report.Notes.Add("The client of the bursts shares the processors with the server.");
        return report;
    }

    private static void Add(ScenarioReport report, string what, List<BurstResult> rounds)
    {
        report.Rows.Add(
        [
            what,
            Figures.Text(Figures.Median(rounds.Select(round => Figures.Percentile(round.Latencies, 0.5)).ToList()), "0.0"),
            Figures.Text(Figures.Median(rounds.Select(round => Figures.Percentile(round.Latencies, 0.99)).ToList()), "0.0"),
            Figures.Text(Figures.Median(rounds.Select(round => round.LastAnswer).ToList()), "0.0"),
            Figures.Text(rounds.Sum(round => round.Failures), "0"),
            Figures.Text(rounds.Count, "0"),
            "",
        ]);
        report.Rounds[what] = rounds.Select(BurstScenario.Summary);
    }
}
