namespace GreenletBridge;

/// <summary>Wakes a dispatcher by a timer of its <see cref="TimeProvider"/>; the callback only posts.</summary>
internal sealed class TimerAlarm(Dispatcher dispatcher, HubClock clock)
{
    private ITimer? _timer;
    private long _due = HubClock.Never;

    /// <summary>The baton's holder.</summary>
    internal void Set(long due)
    {
        if (due == Volatile.Read(ref _due))
            return;
        Volatile.Write(ref _due, due);
        _timer ??= clock.CreateTimer(static state => ((TimerAlarm)state!).Ring(), this);
        clock.Set(_timer, due);
    }

    private void Ring()
    {
        // A timer may ring a little early by the hub's clock: forget the setting, so that the rest is set again.
        Volatile.Write(ref _due, 0);
        dispatcher.Tick();
    }
}
