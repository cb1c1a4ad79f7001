using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GreenletBridge.Hosting;

/// <summary>Figures of one hub in a health report.</summary>
/// <param name="Snapshot">The hub.</param>
/// <param name="Lag">How long work waits for its turn on it.</param>
internal sealed record HubFigures(HubSnapshot Snapshot, TimeSpan Lag)
{
    /// <summary>Whether nothing runs or waits for its turn.</summary>
    public bool IsIdle => Snapshot is { Queued: 0 } && Snapshot.BusyFor == TimeSpan.Zero && Snapshot.Active == Snapshot.Waiting;

    /// <summary>Whether one segment has held it for so long that it is given up.</summary>
    public bool IsStuck(HealthSettings limits) => Snapshot.BusyFor >= limits.UnhealthyBlockedFor;

    /// <summary>Judges it.</summary>
    public (HealthStatus Status, string? Reason) Judge(HealthSettings limits)
    {
        if (!Snapshot.IsRunning)
            return (HealthStatus.Unhealthy, "does not run.");
        if (IsStuck(limits))
            return (HealthStatus.Unhealthy, $"one greenlet has held it for {SettingText.Of(Snapshot.BusyFor)}.");
        return JudgeLag(Lag, limits);
    }

    /// <summary>Judges a lag alone.</summary>
    public static (HealthStatus Status, string? Reason) JudgeLag(TimeSpan lag, HealthSettings limits)
    {
        var status = lag >= limits.UnhealthyLag ? HealthStatus.Unhealthy : lag >= limits.DegradedLag ? HealthStatus.Degraded : HealthStatus.Healthy;
        return (status, status == HealthStatus.Healthy ? null : $"work has waited for it for {SettingText.Of(lag)}.");
    }

    /// <param name="now">The time of the report.</param>
    public IReadOnlyDictionary<string, object> ToData(DateTimeOffset now)
    {
        var data = new Dictionary<string, object>
        {
            ["running"] = Snapshot.IsRunning,
            ["exclusive"] = Snapshot.Exclusive,
            ["queued"] = Snapshot.Queued,
            ["active"] = Snapshot.Active,
            ["waiting"] = Snapshot.Waiting,
            ["load"] = Math.Round(Snapshot.Load, 4),
            ["busy_for_seconds"] = Snapshot.BusyFor.TotalSeconds,
            ["lag_seconds"] = Lag.TotalSeconds,
        };
        if (Snapshot.BusyFor > TimeSpan.Zero)
        {
            data["busy_since"] = now - Snapshot.BusyFor;
        }

        return data;
    }
}
