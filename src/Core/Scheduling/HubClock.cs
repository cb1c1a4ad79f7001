using System.Diagnostics;

namespace GreenletBridge;

/// <summary>The time of a hub: timestamps of its <see cref="TimeProvider"/>.</summary>
internal sealed class HubClock
{
    /// <summary>A due time that never comes.</summary>
    internal const long Never = long.MaxValue;

    // How often a timer is set again because the clock has moved meanwhile; one that runs by itself always has.
    private const int SetAttempts = 3;

    private static readonly TimeSpan _longest = TimeSpan.FromDays(49);

    private readonly long _frequency;

    // Timestamps a tick where that is a whole number, as it is of every system's clock; else 0.
    private readonly long _timestampsPerTick;

    // Read and written by any thread, each value good.
    private long _last;

    internal HubClock(TimeProvider provider)
    {
        Provider = provider;
        IsSystem = ReferenceEquals(provider, TimeProvider.System);
        _frequency = provider.TimestampFrequency;
        _timestampsPerTick = _frequency % TimeSpan.TicksPerSecond == 0 ? _frequency / TimeSpan.TicksPerSecond : 0;
    }

    /// <summary>The system's.</summary>
    internal static HubClock System { get; } = new(TimeProvider.System);

    internal TimeProvider Provider { get; }

    /// <summary>Whether a thread may wait for a due time by its own timeout.</summary>
    internal bool IsSystem { get; }

    internal long Now => IsSystem ? Stopwatch.GetTimestamp() : NowOfProvider();

    /// <summary>The timestamp at which <paramref name="delay"/> from now has passed; rounded up, so that nothing is early.</summary>
    internal long After(TimeSpan delay)
    {
        var now = Now;
        var ticks = Math.Max(0, delay.Ticks);
        if (_timestampsPerTick > 0)
            return ticks >= (Never - Math.Max(0, now)) / _timestampsPerTick ? Never : now + (ticks * _timestampsPerTick);
        // Whole numbers: a double is too coarse for the nanoseconds of a machine that has run for 100 days.
        var due = now + DivideUp((Int128)ticks * _frequency, TimeSpan.TicksPerSecond);
        return due >= Never ? Never : (long)due;
    }

    /// <summary>A timer of the provider's; does not carry the context of whoever sets it first.</summary>
    internal ITimer CreateTimer(TimerCallback callback, object state)
    {
        var outer = CallbackMark.Enter("TimeProvider");
        try
        {
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                return Provider.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
        finally
        {
            CallbackMark.Leave(outer);
        }
    }

    /// <summary>Sets a timer that <see cref="CreateTimer"/> has made.</summary>
    internal void Set(ITimer timer, long due)
    {
        if (due == Never)
        {
            Change(timer, Timeout.InfiniteTimeSpan);
            return;
        }

        // A timer is told how long to wait, not until when: had the clock jumped since it was read, the timer would be late by as much.
        var now = Now;
        for (var attempt = 0; attempt < SetAttempts; attempt++)
        {
            var readAt = now;
            Change(timer, Rounded(Between(readAt, due)));
            if (IsSystem || (now = Now) == readAt)
                return;
        }
    }

    /// <summary>The time from now to <paramref name="due"/>, not negative, rounded up.</summary>
    internal TimeSpan Until(long due) => Between(Now, due);

    // .NET's own timers cut off parts of a millisecond, and take no longer times; one that comes too early is set again.
    private TimeSpan Rounded(TimeSpan wait)
    {
        if (wait > _longest)
            return _longest;
        return IsSystem ? TimeSpan.FromMilliseconds((wait.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond) : wait;
    }

    private static void Change(ITimer timer, TimeSpan wait)
    {
        var outer = CallbackMark.Enter("TimeProvider");
        try
        {
            timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            CallbackMark.Leave(outer);
        }
    }

    private TimeSpan Between(long now, long due)
    {
        var left = Math.Max(0, due - now);
        if (_timestampsPerTick > 0)
            return TimeSpan.FromTicks((left / _timestampsPerTick) + (left % _timestampsPerTick == 0 ? 0 : 1));
        var ticks = DivideUp((Int128)left * TimeSpan.TicksPerSecond, _frequency);
        return ticks >= long.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromTicks((long)ticks);
    }

    private static Int128 DivideUp(Int128 value, long by) => (value + (by - 1)) / by;

    private long NowOfProvider()
    {
        // A user's provider is called with the baton held: it must not wait.
        var outer = CallbackMark.Enter("TimeProvider");
        try
        {
            return _last = Provider.GetTimestamp();
        }
        catch (Exception)
        {
            // In the middle of the engine: for this moment the clock stands still.
            return _last;
        }
        finally
        {
            CallbackMark.Leave(outer);
        }
    }
}
