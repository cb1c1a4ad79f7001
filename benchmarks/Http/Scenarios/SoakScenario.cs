using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Minutes of mixed load: blocking and async handlers, locks, clients that leave and clients that lose patience, and code that computes.</summary>
internal sealed class SoakScenario : Scenario
{
    private const int Steps = 10;
    private const double ProbeLimit = 250;
    private const double GrowthLimit = 1.5;

    // How many clients ask for it one after the other, and after how many milliseconds they leave; 0: they stay.
    private static readonly (string Path, int Clients, int Leaves)[] _load =
    [
        ("/legacy/wait?ms=50", 16, 0),
        ("/legacy/wait?ms=2000", 8, 40),
        ("/legacy/sleep?ms=20", 8, 0),
        ("/legacy/sleep?ms=1000", 4, 100),
        ("/legacy/http?ms=20", 4, 0),
        ("/legacy/lock?ms=1", 4, 0),
        ("/legacy/busy?ms=50", 1, 0),
        ("/legacy/orders/1", 4, 0),
        ("/async/sleep?ms=50", 16, 0),
        ("/plain", 2, 0),
    ];

    private readonly SoakCounts _counts = new();
    private volatile bool _isOver;

    public override string Name => "soak";

    public override bool IsLong => true;

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var clients = _load.Sum(static kind => kind.Clients);
        var report = new ScenarioReport(
            Name,
            string.Create(CultureInfo.InvariantCulture, $"Soak: {options.Soak.TotalMinutes:0.##} minutes of mixed load by {clients} clients"),
            ["after", "answers a second", "left early", "unexpected", "probe p50, ms", "probe p99, ms", "slowest, ms", "memory, MiB", "threads", "descriptors"]);
        using var server = SampleServer.Start(options);
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 2 * clients, UseProxy = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri($"http://{server.EndPoint}"), Timeout = Timeout.InfiniteTimeSpan };
        var load = _load.SelectMany(kind => Enumerable.Range(0, kind.Clients).Select(_ => Task.Run(() => Ask(http, kind.Path, kind.Leaves)))).ToArray();
        var probing = Task.Run(() => Probe(server));

        var memory = new List<double>();
        var probes = new List<double>();
        for (var step = 1; step <= Steps; step++)
        {
            var started = Stopwatch.GetTimestamp();
            Thread.Sleep(options.Soak / Steps);
            var latencies = _counts.TakeProbes();
            probes.AddRange(latencies);
            memory.Add(ProcessMemory.MebibytesOf(server.ProcessId));
            report.Rows.Add(
            [
                Figures.Text((options.Soak * step / Steps).TotalMinutes, "0.0 min"),
                Figures.Text(_counts.TakeAnswers() / Stopwatch.GetElapsedTime(started).TotalSeconds, "0"),
                Figures.Text(_counts.TakeLeft(), "0"),
                Figures.Text(_counts.Unexpected, "0"),
                Figures.Text(Figures.Percentile(latencies, 0.5), "0.0"),
                Figures.Text(Figures.Percentile(latencies, 0.99), "0.0"),
                Figures.Text(Figures.Percentile(latencies, 1), "0.0"),
                Figures.Text(memory[^1], "0"),
                Figures.Text(ThreadFigures.Read(server.ProcessId).Count, "0"),
                Figures.Text(Directory.GetFiles($"/proc/{server.ProcessId}/fd").Length, "0"),
            ]);
        }

        _isOver = true;
        if (!Task.WaitAll([.. load, probing], Bound))
            throw new BenchmarkException($"Clients still wait for answers {Bound.TotalSeconds} s after the load was over.");
        using (var last = new ProbeConnection(server.EndPoint, "/health"))
            report.Goals.Add(new Goal("/health afterwards", 200, AtLeast: true, last.Ask(), 0));
        probes.Sort();
        report.Goals.Add(new Goal("unexpected answers or errors", 0, AtLeast: false, _counts.Unexpected, 0));
        report.Goals.Add(new Goal("probe /plain/greenlet: p99, ms", ProbeLimit, AtLeast: false, Figures.Percentile(probes, 0.99), 0));
        report.Goals.Add(new Goal("memory at the end against a third of the way", GrowthLimit, AtLeast: false, memory[^1] / memory[Steps / 3], 0));
        report.Notes.AddRange(_counts.Errors.Select(static error => $"Unexpected: {error}"));
        report.Notes.Add(string.Join(", ", _load.Select(static kind => $"{kind.Clients} × {kind.Path}{(kind.Leaves > 0 ? string.Create(CultureInfo.InvariantCulture, $" left after {kind.Leaves} ms") : "")}")) + ".");
        return report;
    }

    private async Task Ask(HttpClient http, string path, int leaves)
    {
        while (!_isOver)
        {
            using var patience = new CancellationTokenSource();
            if (leaves > 0)
                patience.CancelAfter(leaves);
            try
            {
                using var response = await http.GetAsync(path, patience.Token).ConfigureAwait(false);
                _counts.Answer();
                if (response.StatusCode != HttpStatusCode.OK)
                    _counts.NoteUnexpected($"{path}: {(int)response.StatusCode}");
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                _counts.Leave();
            }
            catch (HttpRequestException error)
            {
                _counts.NoteUnexpected($"{path}: {error.Message}");
            }
        }
    }

    private void Probe(SampleServer server)
    {
        using var probe = new ProbeConnection(server.EndPoint, "/plain/greenlet");
        while (!_isOver)
        {
            var started = Stopwatch.GetTimestamp();
            if (probe.Ask() is not 200 and var status)
                _counts.NoteUnexpected($"/plain/greenlet: {status}");
            _counts.Probe(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Thread.Sleep(20);
        }
    }
}
