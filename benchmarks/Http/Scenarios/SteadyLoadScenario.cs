using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Steady load made by wrk: what the greenlet costs where the server is busy all the time.</summary>
internal sealed class SteadyLoadScenario : Scenario
{
    private static readonly SteadyPair[] _pairs =
    [
        new(256, BurstScenario.Greenlets, BurstScenario.Async, Rate: 0.99, P99: 1.1),
        new(256, UnseenScenario.Http, BurstScenario.Async, Rate: 0.99, P99: 1.1),
        new(256, UnseenScenario.Sleep, BurstScenario.Async, Rate: 0.9, P99: 1.3),
        new(256, "/plain/greenlet", "/plain", Rate: 0.95),
        new(1000, BurstScenario.Greenlets, BurstScenario.Async, Rate: 0.97, P99: 1.2),
        new(1000, UnseenScenario.Http, BurstScenario.Async, Rate: 0.97, P99: 1.2),
        new(1000, "/plain/greenlet", "/plain", Rate: null),
    ];

    public override string Name => "wrk";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        if (!Wrk.IsThere)
        {
            return ScenarioReport.Failed(Name, Wrk.Missing);
        }

        var report = Report(options, Name, "Steady load");
        using (var server = SampleServer.Start(options))
        {
            foreach (var pair in _pairs.Where(pair => options.Connections.Contains(pair.Connections)))
            {
                Compare(report, options, server, pair);
            }
        }

        if (options.Connections.Contains(256))
        {
            AddThreadPool(report, options);
        }

        return report;
    }

    /// <summary>A report with the columns of <see cref="Compare"/>.</summary>
    internal static ScenarioReport Report(BenchmarkOptions options, string name, string title) => new(
        name,
        string.Create(CultureInfo.InvariantCulture, $"{title}: wrk -t2, {options.Duration.TotalSeconds:0} s a run, {options.Rounds} interleaved rounds"),
        ["connections", "path", "requests/s", "p50, ms", "p99, ms", "failures", "server CPU"]);

    /// <summary>Measures both paths in turn.</summary>
    internal static void Compare(ScenarioReport report, BenchmarkOptions options, SampleServer server, SteadyPair pair)
    {
        var (connections, ours, reference, _, _) = pair;
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
        AddRatio(report, pair, "requests/s", oursRounds, referenceRounds, static round => round.RequestsPerSecond, pair.Rate, atLeast: true);
        AddRatio(report, pair, "p99", oursRounds, referenceRounds, static round => round.P99, pair.P99, atLeast: false);
    }

    private static void AddRatio(
        ScenarioReport report, SteadyPair pair, string what, List<WrkResult> ours, List<WrkResult> reference, Func<WrkResult, double> figure, double? limit, bool atLeast)
    {
        var ratios = ours.Zip(reference, (one, other) => figure(one) / figure(other)).ToList();
        var name = string.Create(CultureInfo.InvariantCulture, $"{pair.Connections} connections: {pair.Ours} / {pair.Reference}, {what}");
        report.Rounds[name] = ratios;
        if (limit is { } given)
        {
            report.Goals.Add(new Goal(name, given, atLeast, Figures.Median(ratios), Figures.Spread(ratios)));
        }
        else
        {
            report.Notes.Add($"{name} = {Figures.Text(ratios, "0.000")}");
        }
    }

    // On a server of its own, once: it may be past help afterwards.
    private static void AddThreadPool(ScenarioReport report, BenchmarkOptions options)
    {
        using var server = SampleServer.Start(options);
        var cpu = 0.0;
        List<WrkResult> round = [Measure(server, 256, "/threadpool/wait?ms=100", options.Duration, ref cpu)];
        AddRow(report, 256, "/threadpool/wait?ms=100", round, Share(cpu, options.Duration.TotalMilliseconds));
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
