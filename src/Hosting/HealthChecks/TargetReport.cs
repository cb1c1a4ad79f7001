using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GreenletBridge.Hosting;

/// <summary>How the group, or one named hub, is.</summary>
/// <param name="Status">All it is judged by.</param>
/// <param name="Reason">Why it is not healthy, in words.</param>
/// <param name="IsStalled">Whether new work does not begin on it: its requests are refused.</param>
/// <param name="IsStuck">Whether every hub of it has been held by one segment for so long that it is given up.</param>
/// <param name="IsIdle">Whether nothing runs or waits.</param>
/// <param name="Lag">How long new work waits until it begins.</param>
/// <param name="Hubs">Its hubs.</param>
internal sealed record TargetReport(
    HealthStatus Status, string? Reason, bool IsStalled, bool IsStuck, bool IsIdle, TimeSpan Lag, IReadOnlyList<HubFigures> Hubs);
