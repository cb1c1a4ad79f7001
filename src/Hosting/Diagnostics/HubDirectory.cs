using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting;

/// <summary>The hubs of a host, for whoever looks at them; empty until they have been made.</summary>
/// <remarks>Apart from <see cref="HubSet"/>, because the hubs are made with listeners that look at them.</remarks>
internal sealed class HubDirectory(IServiceProvider services)
{
    /// <summary>Counts the greenlets and does not list them.</summary>
    public static readonly HubSnapshotOptions FiguresOnly = new() { Greenlets = false };

    private HubSet? _hubs;
    private HubMonitor? _monitor;

    public IEnumerable<Hub> Hubs => Volatile.Read(ref _hubs)?.All ?? [];

    /// <summary>Requests that no hub has begun.</summary>
    public int Queued => Volatile.Read(ref _hubs)?.Requests.Queued ?? 0;

    public void Set(HubSet hubs) => Volatile.Write(ref _hubs, hubs);

    /// <summary>The figures of every hub, without its greenlets.</summary>
    public IEnumerable<HubSnapshot> Figures() => Hubs.Select(static hub => hub.Snapshot(FiguresOnly));

    /// <summary>The figures of every hub with its lag, as the health check has measured it.</summary>
    public IEnumerable<HubFigures> FiguresWithLag()
    {
        if (Volatile.Read(ref _hubs) is not { } hubs)
            return [];
        var monitor = _monitor ??= services.GetRequiredService<HubMonitor>();
        return hubs.Targets.SelectMany(target => monitor.Look(target).Hubs);
    }
}
