using System.Diagnostics;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>How fast /plain answers while bursts of blocking requests follow one another.</summary>
internal sealed class ResponsivenessScenario : Scenario
{
    private const int Probes = 200;
    private const int BurstSize = 200;
    private const double Limit = 25;

    // Spreads the probes over some ten bursts instead of the quiet 100 ms within one.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    public override string Name => "responsiveness";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var report = new ScenarioReport(
            Name,
            $"Responsiveness: {Probes} sequential /plain during bursts of {BurstSize}",
            ["meanwhile", "p50, ms", "p99, ms", "slowest, ms", "failures", "bursts", "client CPU"]);
        using var server = SampleServer.Start(options);
        using var client = new BurstClient(server, BurstSize);
        using var probe = new ProbeConnection(server.EndPoint, "/plain");
        for (var round = 0; round < options.WarmUp; round++)
        {
            client.Run(BurstScenario.Async, Bound);
            client.Run(BurstScenario.Greenlets, Bound);
        }

        Measure(report, probe, client, path: null);
        Measure(report, probe, client, BurstScenario.Async);
        var greenlets = Measure(report, probe, client, BurstScenario.Greenlets);
        report.Goals.Add(new Goal($"/plain during bursts of {BurstScenario.Greenlets}: p99, ms", Limit, AtLeast: false, Figures.Percentile(greenlets, 0.99), 0));
        report.Notes.Add("The client's share of the two processors is part of what /plain waits for: compare with the row of async bursts.");
        return report;
    }

    /// <summary>Asks the probe again and again while the client sends bursts of the path; null: while nothing happens.</summary>
    internal static List<double> Measure(ScenarioReport report, ProbeConnection probe, BurstClient client, string? path)
    {
        probe.Ask();
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var bursts = new List<BurstResult>();
        var stop = false;
        Exception? broken = null;
        using var warm = new ManualResetEventSlim(path is null);
        var loader = new Thread(() =>
        {
            try
            {
                while (path is not null && !Volatile.Read(ref stop))
                {
                    warm.Set();
                    bursts.Add(client.Run(path, Bound));
                }
            }
            catch (BenchmarkException error)
            {
                broken = error;
                warm.Set();
            }
        })
        { IsBackground = true, Name = "bursts" };
        loader.Start();
        warm.Wait();

        var latencies = new List<double>(Probes);
        var failures = 0;
        for (var i = 0; i < Probes; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            failures += probe.Ask() == 200 ? 0 : 1;
            latencies.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            Thread.Sleep(_pause);
        }

        Volatile.Write(ref stop, true);
        loader.Join();
        if (broken is not null)
        {
            throw new BenchmarkException(broken.Message);
        }

        latencies.Sort();
        var name = path is null ? "nothing" : $"bursts of {path}";
        report.Rows.Add(
        [
            name,
            Figures.Text(Figures.Percentile(latencies, 0.5), "0.00"),
            Figures.Text(Figures.Percentile(latencies, 0.99), "0.00"),
            Figures.Text(latencies[^1], "0.00"),
            Figures.Text(failures + bursts.Sum(burst => burst.Failures), "0"),
            Figures.Text(bursts.Count, "0"),
            Share((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds, Stopwatch.GetElapsedTime(started).TotalMilliseconds),
        ]);
        report.Rounds[name] = latencies;
        return latencies;
    }
}
