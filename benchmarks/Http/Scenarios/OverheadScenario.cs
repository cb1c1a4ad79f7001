using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>What it costs a request that somebody listens to the metrics: processor time of the server, not time that passes.</summary>
internal sealed class OverheadScenario : Scenario
{
    private const string Path = "/plain/greenlet";
    private const string Meter = "GreenletBridge";
    private const int Connections = 64;
    private const int LeastRounds = 10;
    private const double Limit = 1.05;

    public override string Name => "overhead";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        if (!Wrk.IsThere)
        {
            return ScenarioReport.Failed(Name, Wrk.Missing);
        }

        var rounds = Math.Max(LeastRounds, options.Rounds);
        var report = new ScenarioReport(
            Name,
            string.Create(CultureInfo.InvariantCulture, $"Metrics listened to: {Path}, wrk -c{Connections}, {options.Duration.TotalSeconds:0} s a run, {rounds} interleaved rounds"),
            ["meter " + Meter, "processor time of the server a request, µs", "requests/s"]);
        using var server = SampleServer.Start(options);
        using (new MetricSession(server.ProcessId, Meter))
        {
            Wrk.Load(server, Connections, Path, options.Duration);
        }

        Wrk.Load(server, Connections, Path, options.Duration);
        List<double> quiet = [], heard = [], quietRate = [], heardRate = [];
        var received = 0L;
        Interleave(rounds, () => Measure(quiet, quietRate), () =>
        {
            using var session = new MetricSession(server.ProcessId, Meter);
            Measure(heard, heardRate);
            received += session.Received;
        });

        report.Rows.Add(["nobody listens", Figures.Text(quiet, "0.00"), Figures.Text(quietRate, "0")]);
        report.Rows.Add(["listened to", Figures.Text(heard, "0.00"), Figures.Text(heardRate, "0")]);
        var ratios = heard.Zip(quiet, (one, other) => one / other).ToList();
        report.Rounds["quiet"] = quiet;
        report.Rounds["listened to"] = heard;
        report.Goals.Add(new Goal("processor time a request, listened to / not", Limit, AtLeast: false, Figures.Median(ratios), 0));
        report.Notes.Add($"Ratio of each round: {Figures.Text(ratios, "0.000")}. The listener got {received / 1024} KiB: it listened as dotnet-counters does, each second.");
        return report;

        void Measure(List<double> costs, List<double> rates)
        {
            var before = ProcessCpu.Of(server.ProcessId);
            var result = Wrk.Load(server, Connections, Path, options.Duration);
            var cpu = ProcessCpu.Of(server.ProcessId) - before;
            costs.Add(cpu.TotalMicroseconds / (result.RequestsPerSecond * options.Duration.TotalSeconds));
            rates.Add(result.RequestsPerSecond);
        }
    }
}
