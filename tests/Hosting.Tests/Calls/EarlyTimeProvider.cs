using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Calls;

/// <summary>A clock whose timers come before its timestamps say that they are due, as the system's may: the timers' clock is the coarser one.</summary>
internal sealed class EarlyTimeProvider : TimeProvider
{
    private readonly ManualTimeProvider _timers = new();

    /// <summary>By how much the timestamps lag behind the timers.</summary>
    public TimeSpan Lag { get; set; }

    public int TimerCount => _timers.TimerCount;

    public override long TimestampFrequency => _timers.TimestampFrequency;

    public void Advance(TimeSpan time) => _timers.Advance(time);

    public override long GetTimestamp() => _timers.GetTimestamp() - Lag.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _timers.CreateTimer(callback, state, dueTime, period);
}
