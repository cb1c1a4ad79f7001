namespace GreenletBridge.Benchmarks.Http;

/// <summary>Many requests at once, each on a connection of its own: greenlets against native async.</summary>
internal sealed class BurstScenario : Scenario
{
    public const string Greenlets = "/legacy/wait?ms=100";
    public const string Async = "/async/sleep?ms=100";

    private static readonly Dictionary<int, double> _limits = new() { [200] = 1.2, [1000] = 1.5 };

    public override string Name => "burst";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var report = new ScenarioReport(
            Name,
            "Burst: all requests at once, connections open, warm",
            ["requests", "path", "last answer, ms", "p50, ms", "failures", "client CPU", "server CPU", "first round, ms"]);
        using var server = SampleServer.Start(options);
        foreach (var size in options.Sizes)
        {
            using var client = new BurstClient(server, size);

            // Connections, JIT and the client itself, before the greenlets' own first round, which starts the carriers.
            client.Run(Async, Bound);
            var greenletsFirst = client.Run(Greenlets, Bound);
            var asyncFirst = client.Run(Async, Bound);
            Interleave(options.WarmUp, () => client.Run(Greenlets, Bound), () => client.Run(Async, Bound));
            var greenlets = new List<BurstResult>();
            var native = new List<BurstResult>();
            Interleave(options.Rounds, () => greenlets.Add(client.Run(Greenlets, Bound)), () => native.Add(client.Run(Async, Bound)));

            report.Rows.Add(Row(Greenlets, greenlets, greenletsFirst));
            report.Rows.Add(Row(Async, native, asyncFirst));
            report.Rounds[$"{size} {Greenlets}"] = greenlets.Select(Summary);
            report.Rounds[$"{size} {Async}"] = native.Select(Summary);
            var ratios = greenlets.Zip(native, (ours, theirs) => ours.LastAnswer / theirs.LastAnswer).ToList();
            if (_limits.TryGetValue(size, out var limit))
            {
                report.Goals.Add(new Goal($"{size} at once: last answer, greenlets / async", limit, AtLeast: false, Figures.Median(ratios), Figures.Spread(ratios)));
            }

            report.Goals.Add(new Goal(
                $"{size} at once: failures, first round included", 0, AtLeast: false, greenletsFirst.Failures + greenlets.Sum(round => round.Failures), 0));
        }

        return report;
    }

    /// <summary>A burst without its single latencies, for the JSON file.</summary>
    internal static object Summary(BurstResult round) => new
    {
        round.LastAnswer,
        P50 = Figures.Percentile(round.Latencies, 0.5),
        P99 = Figures.Percentile(round.Latencies, 0.99),
        round.Refused,
        round.Lost,
        round.ClientCpu,
        round.ServerCpu,
    };

    private static string[] Row(string path, List<BurstResult> rounds, BurstResult first)
    {
        var time = rounds.Sum(round => round.LastAnswer);
        return
        [
            Figures.Text(first.Requests, "0"),
            path,
            Figures.Text([.. rounds.Select(round => round.LastAnswer)], "0.0"),
            Figures.Text(Figures.Median(rounds.Select(round => Figures.Percentile(round.Latencies, 0.5))), "0.0"),
            Figures.Text(rounds.Sum(round => round.Failures), "0"),
            Share(rounds.Sum(round => round.ClientCpu), time),
            Share(rounds.Sum(round => round.ServerCpu), time),
            Figures.Text(first.LastAnswer, "0.0"),
        ];
    }
}
