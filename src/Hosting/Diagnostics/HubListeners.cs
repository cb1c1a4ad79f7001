namespace GreenletBridge.Hosting;

/// <summary>Tells every registered listener; one that throws does not keep the others from being told.</summary>
internal sealed class HubListeners(IEnumerable<HubListener> listeners) : HubListener
{
    private readonly HubListener[] _listeners = [.. listeners];

    public override HubEvents Wanted
    {
        get
        {
            var wanted = HubEvents.None;
            foreach (var listener in _listeners)
            {
                wanted |= listener.Wanted;
            }

            return wanted;
        }
    }

    public override void OnGreenletBegun(Greenlet greenlet, TimeSpan queued) =>
        Tell(HubEvents.Greenlets, (greenlet, queued), static (listener, s) => listener.OnGreenletBegun(s.greenlet, s.queued));

    // Whoever was told of the begin: it may want no more begins by now
    public override void OnGreenletEnded(Greenlet greenlet, GreenletStatus status, Exception? exception) =>
        Tell(HubEvents.None, (greenlet, status, exception), static (listener, s) => listener.OnGreenletEnded(s.greenlet, s.status, s.exception));

    public override void OnWaitEnded(Greenlet greenlet, string reason, TimeSpan duration) =>
        Tell(HubEvents.Waits, (greenlet, reason, duration), static (listener, s) => listener.OnWaitEnded(s.greenlet, s.reason, s.duration));

    public override void OnSegmentEnded(in HubSegment segment) =>
        Tell(HubEvents.Segments, segment, static (listener, s) => listener.OnSegmentEnded(in s));

    public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) =>
        Tell(HubEvents.None, (greenlet, exception), static (listener, s) => listener.OnGreenletFaulted(s.greenlet, s.exception));

    public override void OnUnhandledException(Greenlet greenlet, Exception exception) =>
        Tell(HubEvents.None, (greenlet, exception), static (listener, s) => listener.OnUnhandledException(s.greenlet, s.exception));

    public override void OnCarrierStartFailed(Hub hub, Exception exception) =>
        Tell(HubEvents.None, (hub, exception), static (listener, s) => listener.OnCarrierStartFailed(s.hub, s.exception));

    public override void OnHubStopping(Hub hub, int running) =>
        Tell(HubEvents.None, (hub, running), static (listener, s) => listener.OnHubStopping(s.hub, s.running));

    public override void OnGreenletKilledAtStop(Greenlet greenlet) =>
        Tell(HubEvents.None, greenlet, static (listener, g) => listener.OnGreenletKilledAtStop(g));

    public override void OnHubStopped(Hub hub, int leftBehind) =>
        Tell(HubEvents.None, (hub, leftBehind), static (listener, s) => listener.OnHubStopped(s.hub, s.leftBehind));

    public override void OnWatchLimited(Hub hub) =>
        Tell(HubEvents.None, hub, static (listener, h) => listener.OnWatchLimited(h));

    public override void OnOffloaded(Hub hub, string what) =>
        Tell(HubEvents.None, (hub, what), static (listener, s) => listener.OnOffloaded(s.hub, s.what));

    public override void OnBlockageDetected(Blockage blockage) =>
        Tell(HubEvents.None, blockage, static (listener, b) => listener.OnBlockageDetected(b));

    public override void OnBlockageEnded(Blockage blockage) =>
        Tell(HubEvents.None, blockage, static (listener, b) => listener.OnBlockageEnded(b));

    /// <param name="events">Only those listeners that want these now; none: all.</param>
    /// <param name="state">What is told.</param>
    /// <param name="tell">Tells one listener.</param>
    private void Tell<T>(HubEvents events, T state, Action<HubListener, T> tell)
    {
        foreach (var listener in _listeners)
        {
            if (events != HubEvents.None && (listener.Wanted & events) == 0)
                continue;
            try
            {
                tell(listener, state);
            }
            catch (Exception)
            {
                // As the hub itself does: the listeners' contract says so.
            }
        }
    }
}
