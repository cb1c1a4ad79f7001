using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Listens to a meter of another process as dotnet-counters does, each second, until it is disposed.</summary>
internal sealed class MetricSession : IDisposable
{
    private const long TimeSeriesValues = 2;

    private readonly EventPipeSession _session;
    private readonly Task _reading;
    private long _received;

    public MetricSession(int processId, string meter)
    {
        var provider = new EventPipeProvider(
            "System.Diagnostics.Metrics",
            EventLevel.Informational,
            TimeSeriesValues,
            new Dictionary<string, string>
            {
                ["SessionId"] = Guid.NewGuid().ToString(),
                ["Metrics"] = meter,
                ["RefreshInterval"] = "1",
                ["MaxTimeSeries"] = "1000",
                ["MaxHistograms"] = "100",
            });
        _session = new DiagnosticsClient(processId).StartEventPipeSession([provider], requestRundown: false);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Bytes received so far.</summary>
    public long Received => Volatile.Read(ref _received);

    public void Dispose()
    {
        try
        {
            _session.Stop();
            _reading.Wait(TimeSpan.FromSeconds(10));
        }
        catch (ServerNotAvailableException)
        {
            // The process has ended
        }

        _session.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        for (var count = -1; count != 0;)
        {
            count = await _session.EventStream.ReadAsync(buffer);
            Interlocked.Add(ref _received, count);
        }
    }
}
