using System.Collections.Immutable;
using System.Diagnostics.Tracing;

namespace GreenletBridge.Hosting;

/// <summary>The polled counters of the event source, summed over the hosts of the process. Made when somebody listens first.</summary>
internal sealed class GreenletCounters(EventSource source)
{
    private readonly Lock _lock = new();
    private readonly List<DiagnosticCounter> _made = [];
    private ImmutableArray<HubDirectory> _hosts = [];

    public IDisposable Add(HubDirectory directory)
    {
        ImmutableInterlocked.Update(ref _hosts, static (hosts, host) => hosts.Add(host), directory);
        return new Entry(this, directory);
    }

    public void Create()
    {
        lock (_lock)
        {
            if (_made.Count > 0)
                return;
            Add("greenlets-active", "Greenlets", () => Sum(static hub => hub.Active));
            Add("greenlets-waiting", "Waiting greenlets", () => Sum(static hub => hub.Waiting));
            Add("hub-ready-length", "Ready work that waits", () => Sum(static hub => hub.Queued) + _hosts.Sum(static host => host.Queued));
            Add("hub-load-max", "Load of the busiest hub (share of its life)", () => _hosts.SelectMany(static host => host.Figures()).Select(static hub => hub.Load).DefaultIfEmpty().Max());
            Add("carriers-count", "Carrier threads", static () => CarrierPool.Shared.Count);
            Add("carriers-busy", "Busy carrier threads", static () => CarrierPool.Shared.Busy);
        }
    }

    private void Add(string name, string text, Func<double> value) => _made.Add(new PollingCounter(name, source, value) { DisplayName = text });

    private double Sum(Func<HubSnapshot, int> figure) => _hosts.SelectMany(static host => host.Figures()).Sum(figure);

    private sealed class Entry(GreenletCounters counters, HubDirectory directory) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref counters._hosts, static (hosts, host) => hosts.Remove(host), directory);
    }
}
