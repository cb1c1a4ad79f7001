using System.Diagnostics;

namespace GreenletBridge;

/// <summary>The time of a hub: timestamps of its <see cref="TimeProvider"/>.</summary>
internal sealed class HubClock
{
    /// <summary>A due time that never comes.</summary>
    internal const long Never = long.MaxValue;

    private readonly double _ticksPerTimestamp;

    internal HubClock(TimeProvider provider)
    {
        Provider = provider;
        IsSystem = ReferenceEquals(provider, TimeProvider.System);
        _ticksPerTimestamp = (double)provider.TimestampFrequency / TimeSpan.TicksPerSecond;
    }

    internal TimeProvider Provider { get; }

    /// <summary>Whether a thread may wait for a due time by its own timeout.</summary>
    internal bool IsSystem { get; }

    internal long Now => IsSystem ? Stopwatch.GetTimestamp() : Provider.GetTimestamp();

    /// <summary>The timestamp at which <paramref name="delay"/> from now has passed; rounded up, so that nothing is early.</summary>
    internal long After(TimeSpan delay)
    {
        var due = Now + Math.Ceiling(Math.Max(0, delay.Ticks) * _ticksPerTimestamp);
        return due >= long.MaxValue ? Never : (long)due;
    }

    /// <summary>The time from now to <paramref name="due"/>, not negative, rounded up.</summary>
    internal TimeSpan Until(long due)
    {
        var ticks = Math.Ceiling(Math.Max(0, due - Now) / _ticksPerTimestamp);
        return ticks >= long.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromTicks((long)ticks);
    }
}
