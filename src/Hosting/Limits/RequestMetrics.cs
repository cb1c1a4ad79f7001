using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GreenletBridge.Hosting;

/// <summary>What is measured of requests before they begin.</summary>
internal sealed class RequestMetrics
{
    /// <summary>Name of the meter of this package.</summary>
    public const string MeterName = "GreenletBridge";

    private readonly Histogram<double> _timeInQueue;
    private readonly Counter<long> _refused;

    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _timeInQueue = meter.CreateHistogram<double>(
            "greenletbridge.request.time_in_queue", "s", "Time from a request's arrival until its handler begins: for its lane, its limit and its hub.");
        _refused = meter.CreateCounter<long>("greenletbridge.request.refused", "{request}", "Requests that were answered 503 before their handler began.");
    }

    public void Begun(HubTarget target, long arrived)
    {
        if (_timeInQueue.Enabled)
        {
            _timeInQueue.Record(Stopwatch.GetElapsedTime(arrived).TotalSeconds, new KeyValuePair<string, object?>("greenletbridge.hub", target.Name));
        }
    }

    public void Refused(HubTarget target, Refusal refusal) => _refused.Add(
        1,
        new KeyValuePair<string, object?>("greenletbridge.hub", target.Name),
        new KeyValuePair<string, object?>("greenletbridge.reason", refusal.Tag));
}
