namespace GreenletBridge.Hosting;

/// <summary>Figures of one hub in a health report.</summary>
/// <param name="Name">Name of the hub.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="Queued">Ready work that waits for the hub.</param>
/// <param name="Active">Greenlets that have begun and not ended.</param>
/// <param name="Waiting">Those of them that wait.</param>
/// <param name="Carriers">Threads of the pool it takes from.</param>
/// <param name="Load">Share of the time since start in which it was busy, 0 to 1.</param>
/// <param name="BusyFor">How long the segment that runs has held it.</param>
/// <param name="Lag">How long work has waited for that segment.</param>
internal sealed record HubFigures(
    string Name, bool IsRunning, int Queued, int Active, int Waiting, int Carriers, double Load, TimeSpan BusyFor, TimeSpan Lag)
{
    /// <param name="snapshot">The hub's snapshot.</param>
    /// <param name="groupQueued">Work that has not begun and that this hub could take.</param>
    public static HubFigures Of(HubSnapshot snapshot, int groupQueued) => new(
        snapshot.Name,
        snapshot.IsRunning,
        snapshot.Queued,
        snapshot.Active,
        snapshot.Waiting,
        snapshot.Carriers,
        snapshot.Load,
        snapshot.BusyFor,
        snapshot.Queued + groupQueued > 0 ? snapshot.BusyFor : TimeSpan.Zero);

    public IReadOnlyDictionary<string, object> ToData() => new Dictionary<string, object>
    {
        ["running"] = IsRunning,
        ["queued"] = Queued,
        ["active"] = Active,
        ["waiting"] = Waiting,
        ["carriers"] = Carriers,
        ["load"] = Math.Round(Load, 4),
        ["busy_for_seconds"] = BusyFor.TotalSeconds,
        ["lag_seconds"] = Lag.TotalSeconds,
    };
}
