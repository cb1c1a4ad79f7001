namespace GreenletBridge;

/// <summary>The loop on threads of the engine: work goes to carriers, and a parked thread watches the time.</summary>
/// <remarks>
/// With the system's clock the watcher is a thread that is about to park anyway, so a lone sleeper wakes by its own timeout
/// and goes on with no switch. With another clock its <see cref="ITimer"/> kicks the dispatcher.
/// All fields are written by the baton's holder; a watcher reads them without it.
/// </remarks>
internal sealed class ThreadLoop : Loop
{
    private readonly Dispatcher _dispatcher;
    private readonly CarrierPool _pool;
    private readonly TimerAlarm? _alarm;
    private readonly HubClock _clock;
    private TimerAlarm? _threadlessAlarm;
    private Runner? _watcher;
    private long _watchedDue = HubClock.Never;

    internal ThreadLoop(Dispatcher dispatcher, CarrierPool pool, HubClock clock)
    {
        _dispatcher = dispatcher;
        _pool = pool;
        _clock = clock;
        _alarm = clock.IsSystem ? null : new TimerAlarm(dispatcher, clock);
    }

    internal override Runner? IdleWatcher => _watcher is { IsIdle: true } watcher ? watcher : null;

    internal override bool TryDispatch(WorkItem item)
    {
        if (IdleWatcher is { } watcher)
        {
            Give(watcher, item);
            return true;
        }

        var carrier = _pool.Take(out var error);
        if (carrier is null)
        {
            if (error is not null)
                _dispatcher.NoteCarrierStartFailed(error);
            return false;
        }

        carrier.Assign(_dispatcher, item);
        return true;
    }

    internal override bool TrySetAlarm(long due, Runner? self)
    {
        if (_alarm is not null)
        {
            _alarm.Set(due);
            return true;
        }

        if (due == HubClock.Never)
        {
            ReleaseWatcher(except: self);
            return true;
        }

        if (self is not null)
        {
            if (_watcher != self)
                ReleaseWatcher(except: null);
            Volatile.Write(ref _watchedDue, due);
            Volatile.Write(ref _watcher, self);
            return true;
        }

        if (_watcher is null)
            return false;
        if (_watchedDue != due)
        {
            Volatile.Write(ref _watchedDue, due);
            _watcher.Parker.Unpark();
        }

        return true;
    }

    internal override void SetAlarmWithoutThread(long due) => (_threadlessAlarm ??= new TimerAlarm(_dispatcher, _clock)).Set(due);

    internal override long DeadlineOf(Runner runner) => IsWatcher(runner) ? Volatile.Read(ref _watchedDue) : Parker.NoDeadline;

    internal override bool IsWatcher(Runner runner) => Volatile.Read(ref _watcher) == runner;

    internal override void StopWatching(Runner runner)
    {
        if (_watcher == runner)
        {
            Volatile.Write(ref _watcher, null);
            _watchedDue = HubClock.Never;
        }
    }

    private void ReleaseWatcher(Runner? except)
    {
        var watcher = _watcher;
        if (watcher is null || watcher == except)
            return;
        StopWatching(watcher);
        // A thread that idles only to watch goes back to the pool; one that waits for its own greenlet stays parked.
        if (watcher.IsIdle)
            watcher.Parker.Unpark();
    }

    private void Give(Runner watcher, WorkItem item)
    {
        // All before the baton goes: with it the thread may be the watcher again at once.
        watcher.Choose();
        StopWatching(watcher);
        watcher.Assign(item);
    }
}
