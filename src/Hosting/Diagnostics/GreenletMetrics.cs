using System.Diagnostics;
using System.Diagnostics.Metrics;
using GreenletBridge.FastMode;

namespace GreenletBridge.Hosting;

/// <summary>The hubs' metrics. docs/diagnostics.md lists them; a test compares.</summary>
internal sealed class GreenletMetrics : HubListener
{
    public const string MeterName = RequestMetrics.MeterName;
    public const string HubTag = "greenletbridge.hub";
    public const string StateTag = "greenletbridge.greenlet.state";
    public const string CarrierStateTag = "greenletbridge.carrier.state";
    public const string KindTag = "greenletbridge.blockage.kind";
    public const string HandedOffTag = "greenletbridge.blockage.handed_off";

    private static readonly double[] _shortTimes = [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
    private static readonly double[] _longTimes = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];

    private readonly HubDirectory _directory;
    private readonly LoadMeter _load = new();
    private readonly Histogram<double> _segment;
    private readonly Histogram<double> _blocked;

    public GreenletMetrics(IMeterFactory factory, HubDirectory directory)
    {
        _directory = directory;
        var meter = factory.Create(MeterName);
        meter.CreateObservableUpDownCounter("greenletbridge.greenlets.active", ObserveActive, "{greenlet}", "Greenlets that have begun and not ended.");
        meter.CreateObservableUpDownCounter("greenletbridge.hub.ready.length", ObserveReady, "{entry}", "Work that is ready and waits for its hub.");
        meter.CreateObservableGauge("greenletbridge.hub.lag", ObserveLag, "s", "How long work waits for its turn, as probes measure it.");
        meter.CreateObservableGauge("greenletbridge.hub.load", ObserveLoad, "1", "Share of the time since the last observation in which the hub had something to run.");
        meter.CreateObservableUpDownCounter("greenletbridge.carriers.count", ObserveCarriers, "{thread}", "Carrier threads of the process.");
        meter.CreateObservableCounter("greenletbridge.woven.blocked", static () => WovenMethod.BlockedCount, "{wait}", "Waits of woven code that blocked a thread.");
        _segment = meter.CreateHistogram("greenletbridge.hub.segment.duration", "s", "Time between two waits of a greenlet.", advice: Buckets(_shortTimes));
        _blocked = meter.CreateHistogram("greenletbridge.hub.blocked", "s", "Time for which a greenlet held its hub unseen.", advice: Buckets(_longTimes));
    }

    public override HubEvents Wanted => _segment.Enabled ? HubEvents.Segments : HubEvents.None;

    public override void OnSegmentEnded(in HubSegment segment) =>
        _segment.Record(Stopwatch.GetElapsedTime(segment.Began, segment.Ended).TotalSeconds, Hub(segment.Hub.Name));

    public override void OnBlockageEnded(Blockage blockage) => _blocked.Record(
        blockage.Duration.TotalSeconds,
        Hub(blockage.Hub.Name),
        new(KindTag, BlockageText.Kind(blockage)),
        new(HandedOffTag, blockage.IsHandedOff));

    private static KeyValuePair<string, object?> Hub(string name) => new(HubTag, name);

    private static InstrumentAdvice<double> Buckets(double[] bounds) => new() { HistogramBucketBoundaries = bounds };

    private IEnumerable<Measurement<int>> ObserveActive() => _directory.Figures().SelectMany(static hub => (Measurement<int>[])
    [
        new(Math.Max(0, hub.Active - hub.Waiting), Hub(hub.Name), new(StateTag, "running")),
        new(hub.Waiting, Hub(hub.Name), new(StateTag, "waiting")),
    ]);

    private IEnumerable<Measurement<int>> ObserveReady() => _directory.Figures()
        .Select(static hub => new Measurement<int>(hub.Queued, Hub(hub.Name)))
        .Append(new Measurement<int>(_directory.Queued, Hub(HubSet.RequestsName)));

    private IEnumerable<Measurement<double>> ObserveLag() =>
        _directory.FiguresWithLag().Select(static hub => new Measurement<double>(hub.Lag.TotalSeconds, Hub(hub.Snapshot.Name)));

    private IEnumerable<Measurement<double>> ObserveLoad() =>
        _directory.Figures().Select(hub => new Measurement<double>(_load.Since(hub), Hub(hub.Name)));

    private static IEnumerable<Measurement<int>> ObserveCarriers()
    {
        var (count, busy) = (CarrierPool.Shared.Count, CarrierPool.Shared.Busy);
        return [new(busy, new KeyValuePair<string, object?>(CarrierStateTag, "busy")), new(Math.Max(0, count - busy), new KeyValuePair<string, object?>(CarrierStateTag, "idle"))];
    }
}
