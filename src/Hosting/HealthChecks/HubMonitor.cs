using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>Looks at the hubs every now and then while anything runs on them, and has the requests of a stalled one refused.</summary>
/// <remarks>It runs on a timer, never on a hub. When all hubs are idle it sleeps, and the next request wakes it.</remarks>
internal sealed partial class HubMonitor : IDisposable
{
    private const int Asleep = 0;
    private const int Awake = 1;
    private static readonly TimeSpan _leastPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _mostPeriod = TimeSpan.FromMilliseconds(250);

    private readonly CurrentSettings _settings;
    private readonly QuietLogger _logger;
    private readonly List<TargetGauges> _gauges;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private int _state;
    private bool _isWanted;

    public HubMonitor(HubSet hubs, CurrentSettings settings, ILogger<HubMonitor> logger, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _settings = settings;
        _logger = new QuietLogger(logger);
        _gauges = [.. hubs.Targets.Select(target => new TargetGauges(target, time))];

        // Made by whatever request comes first: its context is none of the timer's
        using var flow = ExecutionContext.SuppressFlow();
        _timer = time.CreateTimer(static state => ((HubMonitor)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // Some looks within the shortest threshold
    private TimeSpan Period
    {
        get
        {
            var health = _settings.Value.Health;
            var least = health.DegradedLag < health.UnhealthyBlockedFor ? health.DegradedLag : health.UnhealthyBlockedFor;
            return TimeSpan.FromTicks(Math.Clamp(least.Ticks / 4, _leastPeriod.Ticks, _mostPeriod.Ticks));
        }
    }

    /// <summary>Something may run from now on.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _isWanted))
            return;

        Volatile.Write(ref _isWanted, true);
        Interlocked.MemoryBarrier();
        Start();
    }

    /// <summary>How a target is now. What a report says holds for the requests that come after it.</summary>
    public TargetReport Look(HubTarget target)
    {
        Wake();
        var limits = _settings.Value.Health;
        lock (_lock)
        {
            var report = _gauges.Find(gauges => gauges.Target == target)!.Look(limits);
            Judge(target, report, limits);
            return report;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Start()
    {
        if (Interlocked.CompareExchange(ref _state, Awake, Asleep) == Asleep)
        {
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            Volatile.Write(ref _isWanted, false);
            Interlocked.MemoryBarrier();
            var limits = _settings.Value.Health;
            var sleeps = true;
            foreach (var gauges in _gauges)
            {
                var report = gauges.Look(limits);
                Judge(gauges.Target, report, limits);
                gauges.Probe(report);
                sleeps &= report is { IsIdle: true, Status: HealthStatus.Healthy };
            }

            if (!sleeps)
            {
                _timer.Change(Period, Timeout.InfiniteTimeSpan);
                return;
            }

            // Who came since the look either sees it asleep and wakes it, or is seen here
            Interlocked.Exchange(ref _state, Asleep);
            if (Volatile.Read(ref _isWanted))
            {
                Start();
            }
        }
    }

    private void Judge(HubTarget target, TargetReport report, HealthSettings limits)
    {
        var isLost = report.IsStalled && limits.RefuseRequests;
        if (isLost == target.Health.IsLost || target.Health.IsOver)
            return;

        // First: whoever sees the effect finds the reason in the log
        if (isLost)
        {
            Log.RefusesRequests(_logger, target.Name, report.Reason);
        }
        else
        {
            Log.TakesRequestsAgain(_logger, target.Name);
        }

        target.Health.Set(isLost);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "Requests of {Target} are answered 503, as it is unhealthy. {Reason}", EventName = "RefusesRequests")]
        public static partial void RefusesRequests(ILogger logger, string target, string? reason);

        [LoggerMessage(2, LogLevel.Information, "Requests of {Target} are taken again.", EventName = "TakesRequestsAgain")]
        public static partial void TakesRequestsAgain(ILogger logger, string target);
    }
}
