using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GreenletBridge.Hosting;

/// <summary>Whether a restart is the only help: every hub of the group, or a named one, is held by one segment for too long.</summary>
internal sealed class GreenletLivenessCheck(HubSet hubs, HubMonitor monitor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var stuck = hubs.Targets.Select(monitor.Look).Where(report => report.IsStuck).Select(report => report.Reason).ToList();
        return Task.FromResult(stuck.Count == 0 ? HealthCheckResult.Healthy("No hub is stuck.") : HealthCheckResult.Unhealthy(string.Join(' ', stuck)));
    }
}
