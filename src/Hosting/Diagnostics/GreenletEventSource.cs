using System.Diagnostics.Tracing;

namespace GreenletBridge.Hosting;

/// <summary>The events and counters of all hosts of the process, for dotnet-trace and dotnet-counters.</summary>
[EventSource(Name = SourceName)]
internal sealed class GreenletEventSource : EventSource
{
    public const string SourceName = "GreenletBridge";

    private readonly GreenletCounters _counters;

    private GreenletEventSource() => _counters = new GreenletCounters(this);

    public static GreenletEventSource Log { get; } = new();

    /// <summary>Adds a host's hubs to those that are counted, until the result is disposed.</summary>
    [NonEvent]
    public IDisposable Count(HubDirectory directory) => _counters.Add(directory);

    [NonEvent]
    public HubEvents Wanted()
    {
        if (!IsEnabled())
            return HubEvents.None;
        return (IsEnabled(EventLevel.Informational, Keywords.Greenlets) ? HubEvents.Greenlets : HubEvents.None)
            | (IsEnabled(EventLevel.Verbose, Keywords.Waits) ? HubEvents.Waits : HubEvents.None)
            | (IsEnabled(EventLevel.Verbose, Keywords.Segments) ? HubEvents.Segments : HubEvents.None)
            | (IsEnabled(EventLevel.Verbose, Keywords.Blockages) ? HubEvents.WovenBlocks : HubEvents.None);
    }

    [Event(1, Level = EventLevel.Informational, Keywords = Keywords.Greenlets)]
    public void GreenletBegun(long greenletId, string name, string hub, double queuedSeconds) => WriteEvent(1, greenletId, name, hub, queuedSeconds);

    [Event(2, Level = EventLevel.Informational, Keywords = Keywords.Greenlets)]
    public void GreenletEnded(long greenletId, string name, string hub, string status) => WriteEvent(2, greenletId, name, hub, status);

    [Event(3, Level = EventLevel.Verbose, Keywords = Keywords.Waits)]
    public void WaitEnded(long greenletId, string hub, string reason, double seconds) => WriteEvent(3, greenletId, hub, reason, seconds);

    [Event(4, Level = EventLevel.Verbose, Keywords = Keywords.Segments)]
    public void SegmentEnded(long greenletId, string hub, double seconds, bool isDetached) => WriteEvent(4, greenletId, hub, seconds, isDetached);

    [Event(5, Level = EventLevel.Warning, Keywords = Keywords.Blockages)]
    public void BlockageDetected(long greenletId, string hub, string work, string kind) => WriteEvent(5, greenletId, hub, work, kind);

    [Event(6, Level = EventLevel.Warning, Keywords = Keywords.Blockages)]
    public void BlockageEnded(long greenletId, string hub, string work, string kind, double seconds, string place) =>
        WriteEvent(6, greenletId, hub, work, kind, seconds, place);

    [Event(7, Level = EventLevel.Informational, Keywords = Keywords.Hubs)]
    public void HubStopping(string hub, int running) => WriteEvent(7, hub, running);

    [Event(8, Level = EventLevel.Informational, Keywords = Keywords.Hubs)]
    public void HubStopped(string hub, int leftBehind) => WriteEvent(8, hub, leftBehind);

    [Event(9, Level = EventLevel.Error, Keywords = Keywords.Hubs)]
    public void CarrierStartFailed(string hub, string error) => WriteEvent(9, hub, error);

    [Event(10, Level = EventLevel.Verbose, Keywords = Keywords.Blockages)]
    public void WovenBlocked(long greenletId, string hub, string method, string cause) => WriteEvent(10, greenletId, hub, method, cause);

    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        if (command.Command == EventCommand.Enable)
        {
            _counters?.Create();
        }
    }

    /// <summary>Which events to listen to.</summary>
    public static class Keywords
    {
        public const EventKeywords Greenlets = (EventKeywords)1;
        public const EventKeywords Waits = (EventKeywords)2;
        public const EventKeywords Segments = (EventKeywords)4;
        public const EventKeywords Blockages = (EventKeywords)8;
        public const EventKeywords Hubs = (EventKeywords)16;
    }
}
