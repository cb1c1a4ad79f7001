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
        _timer ??= CreateTimer();
        var wait = due == HubClock.Never ? Timeout.InfiniteTimeSpan : clock.Until(due);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private ITimer CreateTimer()
    {
        // The alarm outlives whoever sets it first: it must not carry that greenlet's context.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            return clock.Provider.CreateTimer(
                static state => ((TimerAlarm)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Ring()
    {
        // A timer may ring a little early by the hub's clock: forget the setting, so that the rest is set again.
        Volatile.Write(ref _due, 0);
        dispatcher.Tick();
    }
}
