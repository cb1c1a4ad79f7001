using System.Globalization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Fast mode: ten thousand blocking handlers at once on the woven build of the sample, against native async.</summary>
internal sealed class WovenScenario : Scenario
{
    private const int Connections = 10_000;
    private const int Threads = 50;

    // Of one process: its connections and what it has open anyway.
    private const int Descriptors = Connections + 500;

    private const string Blocking = "/legacy/sleep?ms=1000";
    private const string Async = "/async/sleep?ms=1000";

    // A run has to be many times longer than a request, which takes a second; and so many connections take a while to open.
    private static readonly TimeSpan _least = TimeSpan.FromSeconds(15);

    public override string Name => "woven";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        if (!Wrk.IsThere)
        {
            return ScenarioReport.Failed(Name, Wrk.Missing);
        }

        if (OpenFiles.Limit < Descriptors)
        {
            return ScenarioReport.Failed(Name, string.Create(CultureInfo.InvariantCulture, $"A process may open {OpenFiles.Limit} files here; {Connections} connections want `ulimit -n {2 * Connections}`."));
        }

        options = options with { Server = WovenSample.Build(), Duration = options.Duration < _least ? _least : options.Duration };
        var report = SteadyLoadScenario.Report(options, Name, "Woven");
        using var server = SampleServer.Start(options);
        using (var threads = new ThreadPeak(server.ProcessId))
        {
            SteadyLoadScenario.Compare(report, options, server, new SteadyPair(Connections, Blocking, Async, Rate: 0.97));
            report.Goals.Add(new Goal("threads of the server, the most", Threads, AtLeast: false, threads.Most, 0));
        }

        report.Notes.Add($"Server: samples/WebApi built with -p:GreenletFastMode=true. Memory at the end: {Figures.Text(ProcessMemory.MebibytesOf(server.ProcessId), "0")} MiB.");
        return report;
    }
}
