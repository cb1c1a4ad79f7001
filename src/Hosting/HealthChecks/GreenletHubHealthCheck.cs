using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting;

/// <summary>Whether the group, or one named hub, should be given requests; never runs on a hub.</summary>
internal sealed class GreenletHubHealthCheck(
    string? hub, HubSet hubs, HubMonitor monitor, LaneTable lanes, CurrentSettings settings, IHostApplicationLifetime? application = null, TimeProvider? time = null) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var target = hubs.Target(hub);
        var report = monitor.Look(target);
        var status = report.Status;
        var reasons = new List<string>();
        if (report.Reason is not null)
        {
            reasons.Add(report.Reason);
        }

        foreach (var unhooked in target.Hubs.Where(one => hubs.Unhooked.Contains(one.Name)))
        {
            reasons.Add($"{unhooked.Name}: the wait hook was not called at start.");
            status = HealthStatus.Unhealthy;
        }

        if (application?.ApplicationStopping.IsCancellationRequested == true)
        {
            reasons.Add("The application is stopping.");
            status = HealthStatus.Unhealthy;
        }

        var description = reasons.Count == 0 ? "New work begins at once." : string.Join(' ', reasons);
        return Task.FromResult(new HealthCheckResult(status, description, data: Data(target, report)));
    }

    private Dictionary<string, object> Data(HubTarget target, TargetReport report)
    {
        var now = (time ?? TimeProvider.System).GetUtcNow();
        var data = new Dictionary<string, object>
        {
            ["lag_seconds"] = report.Lag.TotalSeconds,
            ["waiting_to_begin"] = target.Queued,
            ["carriers"] = CarrierPool.Shared.Count,
            ["carriers_busy"] = CarrierPool.Shared.Busy,
            ["carriers_max"] = settings.Value.Carriers.Max,
            ["hubs"] = report.Hubs.ToDictionary(one => one.Snapshot.Name, one => one.ToData(now)),
        };
        if (hub is null)
        {
            data["lanes"] = lanes.Count;
            data["lanes_queued"] = lanes.Waiting;
        }

        if (target.Limit.Concurrency is { } concurrency)
        {
            data["concurrency"] = concurrency;
            data["requests_running"] = target.Limit.Running;
            data["requests_queued"] = target.Limit.Waiting;
        }

        return data;
    }
}
