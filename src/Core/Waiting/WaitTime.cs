using System.Diagnostics;

namespace GreenletBridge;

/// <summary>The time that is left of a wait that may have to be begun again: by the hub's clock on a greenlet, else by the system's.</summary>
internal readonly struct WaitTime
{
    private readonly TimeSpan? _limit;
    private readonly HubClock? _clock;
    private readonly long _due;

    private WaitTime(TimeSpan? limit)
    {
        _limit = limit;
        if (limit is not { } time || time == Timeout.InfiniteTimeSpan || time <= TimeSpan.Zero)
            return;
        _clock = WaitOwner.Current?.Dispatcher.Clock;
        _due = _clock is not null ? _clock.After(time) : Stopwatch.GetTimestamp();
    }

    /// <summary>What is left; null: no limit. Zero: only a look.</summary>
    internal TimeSpan? Left
    {
        get
        {
            if (_due == 0)
                return _limit;
            var left = _clock is not null ? _clock.Until(_due) : _limit!.Value - Stopwatch.GetElapsedTime(_due);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    internal static WaitTime Start(TimeSpan? limit) => new(limit);
}
