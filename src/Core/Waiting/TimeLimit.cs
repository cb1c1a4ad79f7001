namespace GreenletBridge;

/// <summary>A limit for several waits together, by the clock of the caller's hub, else by the system's.</summary>
internal readonly struct TimeLimit
{
    private readonly HubClock? _clock;
    private readonly long _due;

    private TimeLimit(HubClock clock, long due)
    {
        _clock = clock;
        _due = due;
    }

    /// <summary>What is left for the next wait; null: no limit.</summary>
    internal TimeSpan? Left => _clock?.Until(_due);

    /// <summary>Starts now.</summary>
    /// <param name="timeout">Null or infinite: no limit. Zero or less: only a look.</param>
    internal static TimeLimit Start(TimeSpan? timeout)
    {
        if (timeout is not { } limit || limit == Timeout.InfiniteTimeSpan)
            return default;
        var clock = WaitOwner.Current?.Dispatcher.Clock ?? HubClock.System;
        return new TimeLimit(clock, clock.After(limit));
    }

    /// <summary>Whether a limit is none at all.</summary>
    internal static bool IsNone(TimeSpan? timeout) => timeout is null || timeout == Timeout.InfiniteTimeSpan;
}
