using System.Collections.Concurrent;
using System.Diagnostics;

namespace GreenletBridge.Hosting;

/// <summary>A span a greenlet, within the request's or the spawner's, with its waits as events.</summary>
internal sealed class GreenletTracing : HubListener, IDisposable
{
    public const string SourceName = "GreenletBridge";
    public const string IdTag = "greenletbridge.greenlet.id";
    public const string QueueTag = "greenletbridge.time_in_queue";
    public const string StatusTag = "greenletbridge.greenlet.status";
    public const string DroppedTag = "greenletbridge.waits.dropped";
    public const string WaitEvent = "wait";
    public const string ReasonTag = "greenletbridge.wait.reason";
    public const string DurationTag = "greenletbridge.wait.duration";

    // What exporters keep of a span's events by default
    private const int MostWaits = 128;

    private readonly ActivitySource _source = new(SourceName);
    private readonly ConcurrentDictionary<Greenlet, GreenletSpan> _spans = new();

    public override HubEvents Wanted => _source.HasListeners() ? HubEvents.Greenlets | HubEvents.Waits : HubEvents.None;

    public override void OnGreenletBegun(Greenlet greenlet, TimeSpan queued)
    {
        if (_source.StartActivity(greenlet.Name ?? "greenlet") is not { } activity)
            return;
        activity.SetTag(IdTag, greenlet.Id);
        activity.SetTag(GreenletMetrics.HubTag, greenlet.Hub?.Name);
        activity.SetTag(QueueTag, queued.TotalSeconds);
        _spans[greenlet] = new GreenletSpan(activity);
    }

    public override void OnWaitEnded(Greenlet greenlet, string reason, TimeSpan duration)
    {
        if (!_spans.TryGetValue(greenlet, out var span) || span.CountWait() > MostWaits)
            return;
        span.Activity.AddEvent(new ActivityEvent(
            WaitEvent,
            DateTimeOffset.UtcNow - duration,
            [new(ReasonTag, reason), new(DurationTag, duration.TotalSeconds)]));
    }

    public override void OnGreenletEnded(Greenlet greenlet, GreenletStatus status, Exception? exception)
    {
        if (!_spans.TryRemove(greenlet, out var span))
            return;
        var activity = span.Activity;
        activity.SetTag(StatusTag, status.ToString());
        if (span.Waits > MostWaits)
        {
            activity.SetTag(DroppedTag, span.Waits - MostWaits);
        }

        if (status == GreenletStatus.Faulted)
        {
            activity.SetStatus(ActivityStatusCode.Error, exception?.GetType().Name);
        }

        // Also makes the parent the current one again, where this one still is
        activity.Stop();
    }

    public void Dispose() => _source.Dispose();
}
