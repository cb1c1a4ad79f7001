using System.Diagnostics;

namespace GreenletBridge.Hosting;

/// <summary>Writes what hubs report to the event source.</summary>
internal sealed class EventSourceListener(HubDirectory directory) : HubListener, IDisposable
{
    private static readonly GreenletEventSource _log = GreenletEventSource.Log;
    private readonly IDisposable _counted = _log.Count(directory);

    public override HubEvents Wanted => _log.Wanted();

    public override void OnGreenletBegun(Greenlet greenlet, TimeSpan queued) =>
        _log.GreenletBegun(greenlet.Id, greenlet.Name ?? "", HubOf(greenlet), queued.TotalSeconds);

    public override void OnGreenletEnded(Greenlet greenlet, GreenletStatus status, Exception? exception) =>
        _log.GreenletEnded(greenlet.Id, greenlet.Name ?? "", HubOf(greenlet), status.ToString());

    public override void OnWaitEnded(Greenlet greenlet, string reason, TimeSpan duration) =>
        _log.WaitEnded(greenlet.Id, HubOf(greenlet), reason, duration.TotalSeconds);

    public override void OnSegmentEnded(in HubSegment segment) =>
        _log.SegmentEnded(segment.Greenlet.Id, segment.Hub.Name, Stopwatch.GetElapsedTime(segment.Began, segment.Ended).TotalSeconds, segment.IsDetached);

    public override void OnWovenBlocked(Greenlet greenlet, string method, string cause) => _log.WovenBlocked(greenlet.Id, HubOf(greenlet), method, cause);

    public override void OnBlockageDetected(Blockage blockage) =>
        _log.BlockageDetected(blockage.Greenlet.Id, blockage.Hub.Name, blockage.Key, BlockageText.Kind(blockage));

    public override void OnBlockageEnded(Blockage blockage) => _log.BlockageEnded(
        blockage.Greenlet.Id, blockage.Hub.Name, blockage.Key, BlockageText.Kind(blockage), blockage.Duration.TotalSeconds, blockage.Place ?? "");

    public override void OnHubStopping(Hub hub, int running) => _log.HubStopping(hub.Name, running);

    public override void OnHubStopped(Hub hub, int leftBehind) => _log.HubStopped(hub.Name, leftBehind);

    public override void OnCarrierStartFailed(Hub hub, Exception exception) => _log.CarrierStartFailed(hub.Name, exception.Message);

    public void Dispose() => _counted.Dispose();

    private static string HubOf(Greenlet greenlet) => greenlet.Hub?.Name ?? "";
}
