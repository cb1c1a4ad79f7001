using System.Collections.Concurrent;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>Keeps the frequent events that it asks for, and the failures that nobody has seen.</summary>
internal sealed class RecordingHubListener : HubListener
{
    public volatile int WantedEvents;

    public ConcurrentQueue<(Greenlet Greenlet, TimeSpan Queued)> Begun { get; } = new();

    public ConcurrentQueue<(Greenlet Greenlet, GreenletStatus Status, Exception? Error)> Ended { get; } = new();

    public ConcurrentQueue<(Greenlet Greenlet, string Reason, TimeSpan Duration)> Waits { get; } = new();

    public ConcurrentQueue<HubSegment> Segments { get; } = new();

    public ConcurrentQueue<Greenlet> Faulted { get; } = new();

    /// <summary>What is run in the greenlet's context as it begins.</summary>
    public Action? OnBegun { get; init; }

    public override HubEvents Wanted => (HubEvents)WantedEvents;

    public override void OnGreenletBegun(Greenlet greenlet, TimeSpan queued)
    {
        Begun.Enqueue((greenlet, queued));
        OnBegun?.Invoke();
    }

    public override void OnGreenletEnded(Greenlet greenlet, GreenletStatus status, Exception? exception) => Ended.Enqueue((greenlet, status, exception));

    public override void OnWaitEnded(Greenlet greenlet, string reason, TimeSpan duration) => Waits.Enqueue((greenlet, reason, duration));

    public override void OnSegmentEnded(in HubSegment segment) => Segments.Enqueue(segment);

    public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) => Faulted.Enqueue(greenlet);
}
