namespace GreenletBridge.Hosting;

/// <summary>Tells every registered listener; one that throws does not keep the others from being told.</summary>
internal sealed class HubListeners(IEnumerable<HubListener> listeners) : HubListener
{
    private readonly HubListener[] _listeners = [.. listeners];

    // The frequent events are told, and asked about, for each greenlet: only those count that could want them at all
    private readonly HubListener[] _choosing = Overriding(listeners, "get_" + nameof(Wanted));
    private readonly HubListener[] _ofBegins = Overriding(listeners, nameof(OnGreenletBegun));
    private readonly HubListener[] _ofEnds = Overriding(listeners, nameof(OnGreenletEnded));
    private readonly HubListener[] _ofWaits = Overriding(listeners, nameof(OnWaitEnded));
    private readonly HubListener[] _ofSegments = Overriding(listeners, nameof(OnSegmentEnded));

    public override HubEvents Wanted
    {
        get
        {
            var wanted = HubEvents.None;
            foreach (var listener in _choosing)
            {
                wanted |= listener.Wanted;
            }

            return wanted;
        }
    }

    public override void OnGreenletBegun(Greenlet greenlet, TimeSpan queued) =>
        Tell(_ofBegins, HubEvents.Greenlets, (greenlet, queued), static (listener, s) => listener.OnGreenletBegun(s.greenlet, s.queued));

    // Whoever was told of the begin: it may want no more begins by now
    public override void OnGreenletEnded(Greenlet greenlet, GreenletStatus status, Exception? exception) =>
        Tell(_ofEnds, HubEvents.None, (greenlet, status, exception), static (listener, s) => listener.OnGreenletEnded(s.greenlet, s.status, s.exception));

    public override void OnWaitEnded(Greenlet greenlet, string reason, TimeSpan duration) =>
        Tell(_ofWaits, HubEvents.Waits, (greenlet, reason, duration), static (listener, s) => listener.OnWaitEnded(s.greenlet, s.reason, s.duration));

    public override void OnSegmentEnded(in HubSegment segment) =>
        Tell(_ofSegments, HubEvents.Segments, segment, static (listener, s) => listener.OnSegmentEnded(in s));

    public override void OnWovenBlocked(Greenlet greenlet, string method, string cause) =>
        Tell(_listeners, HubEvents.WovenBlocks, (greenlet, method, cause), static (listener, s) => listener.OnWovenBlocked(s.greenlet, s.method, s.cause));

    public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) =>
        Tell(_listeners, HubEvents.None, (greenlet, exception), static (listener, s) => listener.OnGreenletFaulted(s.greenlet, s.exception));

    public override void OnUnhandledException(Greenlet greenlet, Exception exception) =>
        Tell(_listeners, HubEvents.None, (greenlet, exception), static (listener, s) => listener.OnUnhandledException(s.greenlet, s.exception));

    public override void OnCarrierStartFailed(Hub hub, Exception exception) =>
        Tell(_listeners, HubEvents.None, (hub, exception), static (listener, s) => listener.OnCarrierStartFailed(s.hub, s.exception));

    public override void OnHubStopping(Hub hub, int running) =>
        Tell(_listeners, HubEvents.None, (hub, running), static (listener, s) => listener.OnHubStopping(s.hub, s.running));

    public override void OnGreenletKilledAtStop(Greenlet greenlet) =>
        Tell(_listeners, HubEvents.None, greenlet, static (listener, g) => listener.OnGreenletKilledAtStop(g));

    public override void OnHubStopped(Hub hub, int leftBehind) =>
        Tell(_listeners, HubEvents.None, (hub, leftBehind), static (listener, s) => listener.OnHubStopped(s.hub, s.leftBehind));

    public override void OnWatchLimited(Hub hub) =>
        Tell(_listeners, HubEvents.None, hub, static (listener, h) => listener.OnWatchLimited(h));

    public override void OnOffloaded(Hub hub, string what) =>
        Tell(_listeners, HubEvents.None, (hub, what), static (listener, s) => listener.OnOffloaded(s.hub, s.what));

    public override void OnBlockageDetected(Blockage blockage) =>
        Tell(_listeners, HubEvents.None, blockage, static (listener, b) => listener.OnBlockageDetected(b));

    public override void OnBlockageEnded(Blockage blockage) =>
        Tell(_listeners, HubEvents.None, blockage, static (listener, b) => listener.OnBlockageEnded(b));

    private static HubListener[] Overriding(IEnumerable<HubListener> listeners, string method) =>
        [.. listeners.Where(listener => listener.GetType().GetMethod(method)!.DeclaringType != typeof(HubListener))];

    /// <param name="listeners">Whom to tell.</param>
    /// <param name="events">Only those listeners that want these now; none: all.</param>
    /// <param name="state">What is told.</param>
    /// <param name="tell">Tells one listener.</param>
    private static void Tell<T>(HubListener[] listeners, HubEvents events, T state, Action<HubListener, T> tell)
    {
        foreach (var listener in listeners)
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
