using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Steady load made by wrk: what the greenlet costs where the server is busy all the time.</summary>
internal sealed class SteadyLoadScenario : Scenario
{
    private static readonly (string Ours, string Reference, int Connections, double Limit)[] _goals =
    [
        (BurstScenario.Greenlets, BurstScenario.Async, 256, 0.98),
        ("/plain/greenlet", "/plain", 256, 0.75),
    ];

    public override string Name => "wrk";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        if (!Wrk.IsThere)
        {
            return ScenarioReport.Failed(Name, Wrk.Missing);
        }

        var report = new ScenarioReport(
            Name,
            string.Create(CultureInfo.InvariantCulture, $"Steady load: wrk -t2, {options.Duration.TotalSeconds:0} s a run, {options.Rounds} interleaved rounds"),
            ["connections", "path", "requests/s", "p50, ms", "p99, ms", "failures", "server CPU"]);
        using var server = SampleServer.Start(options);
        foreach (var connections in options.Connections)
        {
            Compare(report, options, server, connections, BurstScenario.Greenlets, BurstScenario.Async);
            Compare(report, options, server, connections, "/plain/greenlet", "/plain");
        }

        return report;
    }

    private static void Compare(ScenarioReport report, BenchmarkOptions options, SampleServer server, int connections, string ours, string reference)
    {
        // One warm-up run each: it compiles, and starts the carriers.
        Wrk.Load(server, connections, ours, options.Duration);
        Wrk.Load(server, connections, reference, options.Duration);
        var oursRounds = new List<WrkResult>();
        var referenceRounds = new List<WrkResult>();
        var oursCpu = 0.0;
        var referenceCpu = 0.0;
        Interleave(
            options.Rounds,
            () => oursRounds.Add(Measure(server, connections, ours, options.Duration, ref oursCpu)),
            () => referenceRounds.Add(Measure(server, connections, reference, options.Duration, ref referenceCpu)));

        var time = options.Duration.TotalMilliseconds * options.Rounds;
        AddRow(report, connections, ours, oursRounds, Share(oursCpu, time));
        AddRow(report, connections, reference, referenceRounds, Share(referenceCpu, time));
        var ratios = oursRounds.Zip(referenceRounds, (one, other) => one.RequestsPerSecond / other.RequestsPerSecond).ToList();
        report.Rounds[$"{connections} {ours} / {reference}"] = ratios;
        report.Notes.Add($"{connections} connections: {ours} / {reference} = {Figures.Text(ratios, "0.000")}");
        foreach (var goal in _goals.Where(goal => goal.Ours == ours && goal.Reference == reference && goal.Connections == connections))
        {
            report.Goals.Add(new Goal(
                $"{connections} connections: {ours} / {reference}, requests/s", goal.Limit, AtLeast: true, Figures.Median(ratios), Figures.Spread(ratios)));
        }
    }

    private static WrkResult Measure(SampleServer server, int connections, string path, TimeSpan duration, ref double serverCpu)
    {
        var before = ProcessCpu.Of(server.ProcessId);
        var result = Wrk.Load(server, connections, path, duration);
        serverCpu += (ProcessCpu.Of(server.ProcessId) - before).TotalMilliseconds;
        return result;
    }

    private static void AddRow(ScenarioReport report, int connections, string path, List<WrkResult> rounds, string serverCpu)
    {
        report.Rows.Add(
        [
            Figures.Text(connections, "0"),
            path,
            Figures.Text([.. rounds.Select(round => round.RequestsPerSecond)], "0"),
            Figures.Text(Figures.Median(rounds.Select(round => round.P50)), "0.00"),
            Figures.Text(Figures.Median(rounds.Select(round => round.P99)), "0.00"),
            Figures.Text(rounds.Sum(round => round.Failures), "0"),
            serverCpu,
        ]);
        report.Rounds[$"{connections} {path}"] = rounds;
    }
}
