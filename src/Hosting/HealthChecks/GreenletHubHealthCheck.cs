using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>Judges the hubs by their snapshots; never runs on one.</summary>
internal sealed class GreenletHubHealthCheck(HubSet hubs, IOptions<GreenletBridgeOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>();
        var status = HealthStatus.Healthy;
        var reasons = new List<string>();
        foreach (var hub in hubs.All)
        {
            var figures = HubFigures.Of(hub.Snapshot(), hubs.RequestHubs.Contains(hub) ? hubs.Queued : 0);
            data[hub.Name] = figures.ToData();
            var (hubStatus, reason) = Judge(figures);
            if (reason is not null)
            {
                reasons.Add($"{hub.Name}: {reason}");
            }

            status = hubStatus < status ? hubStatus : status;
        }

        data["waiting_to_begin"] = hubs.Queued;
        data["carriers"] = CarrierPool.Shared.Count;
        var description = reasons.Count == 0 ? "All hubs run." : string.Join(" ", reasons);
        return Task.FromResult(new HealthCheckResult(status, description, data: data));
    }

    private (HealthStatus Status, string? Reason) Judge(HubFigures hub)
    {
        var limits = options.Value.Health;
        if (!hub.IsRunning)
            return (HealthStatus.Unhealthy, "does not run.");
        if (hubs.Unhooked.Contains(hub.Name))
            return (HealthStatus.Unhealthy, "the wait hook was not called at start.");
        if (hub.BusyFor >= limits.UnhealthyBlockedFor)
            return (HealthStatus.Unhealthy, $"one greenlet has held it for {SettingText.Of(hub.BusyFor)}.");
        if (hub.Lag >= limits.UnhealthyLag)
            return (HealthStatus.Unhealthy, $"work has waited for it for {SettingText.Of(hub.Lag)}.");
        if (hub.Lag >= limits.DegradedLag)
            return (HealthStatus.Degraded, $"work has waited for it for {SettingText.Of(hub.Lag)}.");
        return (HealthStatus.Healthy, null);
    }
}
