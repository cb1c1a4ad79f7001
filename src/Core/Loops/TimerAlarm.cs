namespace GreenletBridge;

/// <summary>Wakes a dispatcher by a timer of its <see cref="TimeProvider"/>; the callback only posts.</summary>
/// <remarks>A provider whose timers throw must not take the hub along: its clock is looked at now and then, by a timer of the system's.</remarks>
internal sealed class TimerAlarm(Dispatcher dispatcher, HubClock clock)
{
    private static readonly TimerCallback _ring = static state => ((TimerAlarm)state!).Ring();
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMilliseconds(20);

    private ITimer? _timer;
    private ITimer? _systemTimer;
    private long _due = HubClock.Never;

    /// <summary>The baton's holder.</summary>
    internal void Set(long due)
    {
        if (due == Volatile.Read(ref _due))
            return;
        Volatile.Write(ref _due, due);
        try
        {
            _timer ??= clock.CreateTimer(_ring, this);
            clock.Set(_timer, due);
        }
        catch (Exception)
        {
            _systemTimer ??= HubClock.System.CreateTimer(_ring, this);
            _systemTimer.Change(due == HubClock.Never ? Timeout.InfiniteTimeSpan : _lookAgain, Timeout.InfiniteTimeSpan);
        }
    }

    private void Ring()
    {
        // A timer may ring a little early by the hub's clock: forget the setting, so that the rest is set again.
        Volatile.Write(ref _due, 0);
        dispatcher.Tick();
    }
}
