namespace GreenletBridge.Hosting;

/// <summary>Looks at the hubs and finds what has changed. One thread at a time.</summary>
internal sealed class DashboardSampler(HubDirectory directory, TopBlockers blockers, TimeProvider time)
{
    private const int MostBlockers = 20;
    private static readonly HubSnapshotOptions _withStacks = new() { Stacks = true };

    private readonly LoadMeter _load = new();
    private Dictionary<long, GreenletRow> _rows = [];

    /// <summary>The greenlets of the last look.</summary>
    public IReadOnlyCollection<GreenletRow> Rows => _rows.Values;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The figures now.</summary>
    public DashboardFrame Frame()
    {
        var hubs = directory.FiguresWithLag().ToArray();
        return new(
            Now,
            [.. hubs.Select(PointOf)],
            directory.Queued,
            CarrierPool.Shared.Count,
            CarrierPool.Shared.Busy,
            [.. blockers.Top(MostBlockers).Select(BlockerRow.Of)],
            [.. blockers.Now.Select(BlockingRow.Of)],
            [.. hubs.SelectMany(static hub => KnownRow.Of(hub.Snapshot))]);
    }

    /// <summary>Looks at the greenlets.</summary>
    /// <returns>What has changed since the last look; null when nothing has.</returns>
    public RowChanges? Changes()
    {
        var now = Now;
        var rows = new Dictionary<long, GreenletRow>(_rows.Count);
        var changed = new List<GreenletRow>();
        foreach (var hub in directory.Hubs)
        {
            foreach (var greenlet in hub.Snapshot(_withStacks).Greenlets)
            {
                var before = _rows.GetValueOrDefault(greenlet.Id);
                var row = GreenletRow.Of(hub.Name, greenlet, now, before);
                if (row != before)
                {
                    changed.Add(row);
                }

                rows[greenlet.Id] = row;
            }
        }

        var gone = _rows.Keys.Where(id => !rows.ContainsKey(id)).ToList();
        _rows = rows;
        return changed.Count + gone.Count == 0 ? null : new RowChanges(Reset: false, changed, gone);
    }

    private HubPoint PointOf(HubFigures figures)
    {
        var hub = figures.Snapshot;
        return new HubPoint(
            hub.Name,
            hub.IsRunning,
            hub.Loop.ToString(),
            hub.Exclusive,
            Math.Round(_load.Since(hub), 4),
            Math.Round(figures.Lag.TotalMilliseconds, 2),
            hub.Queued,
            hub.Active,
            hub.Waiting,
            Math.Round(hub.BusyFor.TotalMilliseconds, 0));
    }
}
