using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>What a greenlet costs with the host's telemetry, that nobody listens to and that somebody does, beside one on a hub that has none. In this process.</summary>
internal sealed class ListenersScenario : Scenario
{
    private const int Count = 200_000;
    private const int Rounds = 10;

    public override string Name => "listeners";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var report = new ScenarioReport(
            Name, $"Telemetry of a greenlet: {Count} spawned and joined one by one, {Rounds} interleaved rounds", ["telemetry", "ns", "bytes", "ns, of none"]);
        using var bare = new HubGroup(1, new HubOptions { Name = "bare" });
        bare.Start();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGreenletBridge(settings => settings.Requests.Hubs = 1);
        using var host = builder.Build();
        host.Start();
        var hosted = host.Services.GetRequiredService<IGreenletBridge>();

        var none = new Series();
        var quiet = new Series();
        var heard = new Series();
        Spawn(bare.Bridge);
        Spawn(hosted);
        for (var round = 0; round < Rounds; round++)
        {
            Interleave(1, () => none.Measure(() => Spawn(bare.Bridge)), () => quiet.Measure(() => Spawn(hosted)));
            using var listener = Listen();
            heard.Measure(() => Spawn(hosted));
        }

        host.StopAsync().GetAwaiter().GetResult();
        foreach (var (name, series) in (ReadOnlySpan<(string, Series)>)[("none", none), ("nobody listens", quiet), ("metrics listened to", heard)])
        {
            report.Rows.Add([name, Figures.Text(series.Nanoseconds, "0"), Figures.Text(Figures.Median(series.Bytes), "0"), Figures.Text(Ratios(series, none), "0.000")]);
            report.Rounds[name] = series.Nanoseconds;
        }

        report.Goals.Add(new Goal("nobody listens: bytes more than without telemetry", 0.5, AtLeast: false, Figures.Median(quiet.Bytes) - Figures.Median(none.Bytes), 0));
        return report;
    }

    private static List<double> Ratios(Series series, Series none) => [.. series.Nanoseconds.Zip(none.Nanoseconds, (one, other) => one / other)];

    private static void Spawn(IGreenletBridge bridge)
    {
        for (var i = 0; i < Count; i++)
        {
            bridge.RunAsync(static () => { }).GetAwaiter().GetResult();
        }
    }

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "GreenletBridge")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    private sealed class Series
    {
        public List<double> Nanoseconds { get; } = [];

        public List<double> Bytes { get; } = [];

        public void Measure(Action run)
        {
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var started = Stopwatch.GetTimestamp();
            run();
            Nanoseconds.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / Count);
            Bytes.Add((GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)Count);
        }
    }
}
