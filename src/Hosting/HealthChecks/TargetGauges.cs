using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GreenletBridge.Hosting;

/// <summary>Measures the group, or one named hub.</summary>
internal sealed class TargetGauges(HubTarget target, TimeProvider time)
{
    // New work, as a request is: any hub of the group may take it, and the cap on carriers may hold it back
    private readonly HubGauge _entry = new(time, target.Post);

    // Work that has begun: it waits for its own hub
    private readonly HubGauge[] _turns =
        [.. target.Hubs.Select(hub => new HubGauge(time, answer => hub.SynchronizationContext.Post(static state => ((Action)state!)(), answer)))];

    private bool IsIdle => target.Queued == 0 && !_entry.IsOut && !_turns.Any(turn => turn.IsOut);

    public HubTarget Target => target;

    /// <summary>Sends probes where something runs or waits.</summary>
    public void Probe(TargetReport report)
    {
        if (report.IsIdle)
        {
            _entry.Forget();
        }
        else
        {
            _entry.Probe();
        }

        for (var i = 0; i < _turns.Length; i++)
        {
            if (report.Hubs[i].IsIdle && !_turns[i].IsOut)
            {
                _turns[i].Forget();
            }
            else if (report.Hubs[i].Snapshot.IsRunning)
            {
                _turns[i].Probe();
            }
        }
    }

    public TargetReport Look(HealthSettings limits)
    {
        var hubs = target.Hubs.Select((hub, i) => new HubFigures(hub.Snapshot(HubDirectory.FiguresOnly), _turns[i].Lag)).ToList();
        var lag = _entry.Lag;
        var (status, reason) = HubFigures.JudgeLag(lag, limits);
        var reasons = new List<string>();
        var worst = HealthStatus.Healthy;
        var best = HealthStatus.Unhealthy;
        foreach (var hub in hubs)
        {
            var (hubStatus, hubReason) = hub.Judge(limits);
            worst = hubStatus < worst ? hubStatus : worst;
            best = hubStatus > best ? hubStatus : best;
            if (hubReason is not null)
            {
                reasons.Add($"{hub.Snapshot.Name}: {hubReason}");
            }
        }

        // A hub that is held is why work waits for it: of a single one that says it all
        if (reason is not null && (target.Hubs.Count > 1 || reasons.Count == 0))
        {
            reasons.Add($"{target.Name}: {reason}");
        }

        // While one hub of the group takes work the group does; it is degraded, not lost
        var hubsStatus = worst == HealthStatus.Unhealthy && best != HealthStatus.Unhealthy ? HealthStatus.Degraded : worst;
        status = hubsStatus < status ? hubsStatus : status;
        return new TargetReport(
            status,
            reasons.Count == 0 ? null : string.Join(' ', reasons),
            IsStalled: status == HealthStatus.Unhealthy && hubs.TrueForAll(hub => hub.Snapshot.IsRunning),
            IsStuck: hubs.TrueForAll(hub => hub.IsStuck(limits)),
            IsIdle: IsIdle && hubs.TrueForAll(hub => hub.IsIdle),
            lag,
            hubs);
    }
}
