namespace GreenletBridge;

/// <summary>Where a dispatcher finds a thread, and who wakes it when a time has come.</summary>
internal abstract class Loop
{
    /// <summary>Hands the baton to a thread that goes on with <paramref name="item"/>.</summary>
    /// <param name="item">What to begin with; <see cref="WatchItem"/> when the thread shall only watch the time.</param>
    /// <returns>False when no thread can be had; the caller still holds the baton.</returns>
    internal abstract bool TryDispatch(WorkItem item);

    /// <summary>Whether what never blocked needs no carrier here: it has the threads of .NET's scheduler.</summary>
    internal virtual bool LendsThreads => false;

    /// <summary>The baton's holder is about to let go with <paramref name="due"/> as the earliest due time.</summary>
    /// <param name="due">A timestamp of the hub's clock, <see cref="HubClock.Never"/> when there is none.</param>
    /// <param name="self">The calling thread if it is about to park and can watch the time meanwhile, else null.</param>
    /// <returns>False when the caller must not let go: the watch needs a thread, and <see cref="WatchItem"/> must be dispatched to get one.</returns>
    internal abstract bool TrySetAlarm(long due, Runner? self);

    /// <summary>The baton's holder lets go, and no thread can be had to watch the time: a timer must do.</summary>
    internal virtual void SetAlarmWithoutThread(long due)
    {
    }

    /// <summary>Whether the thread watches the time and how long it may sleep: a Stopwatch timestamp.</summary>
    internal virtual long DeadlineOf(Runner runner) => Parker.NoDeadline;

    /// <summary>The watching thread gets or takes the baton: it watches no more. The baton's holder.</summary>
    internal virtual void StopWatching(Runner runner)
    {
    }

    /// <summary>An idle thread that watches the time and could run an item instead of a fresh carrier; null when there is none.</summary>
    internal virtual Runner? IdleWatcher => null;

    /// <summary>Whether <paramref name="runner"/> is the one that watches the time.</summary>
    internal virtual bool IsWatcher(Runner runner) => false;
}
