namespace GreenletBridge;

/// <summary>The timeouts of one greenlet that are running. One timer of the hub serves them all.</summary>
/// <remarks>
/// Most timeouts are stopped before they are due. So the timer stays set when one is stopped, and the next one, which is due later, needs
/// none: start and stop touch only this list. The timer looks at the list when it comes, and is set again for what is left.
/// </remarks>
internal sealed class TimeoutList(Greenlet greenlet)
{
    private GreenletTimeout? _first;
    private TimeoutTimer? _timer;
    private TinyLock _lock;

    internal Greenlet Greenlet => greenlet;

    /// <summary>Whether none is running; any thread.</summary>
    internal bool IsEmpty => Volatile.Read(ref _first) is null;

    /// <summary>The greenlet: starts one.</summary>
    internal void Add(GreenletTimeout timeout, TimeSpan time)
    {
        var isNow = time <= TimeSpan.Zero;
        var due = isNow ? 0 : greenlet.Dispatcher.Clock.After(time);
        TimeoutTimer? set = null;
        TimeoutTimer? replaced = null;
        _lock.Enter();
        timeout.Due = due;
        Link(timeout);
        if (!isNow && due < (_timer?.Due ?? HubClock.Never))
        {
            replaced = _timer;
            _timer = set = new TimeoutTimer(due, this);
        }

        _lock.Exit();
        replaced?.TryCancel();
        if (set is not null)
            greenlet.Dispatcher.Post(set);
        else if (isNow)
            greenlet.Dispatcher.Post(new TimeoutTurn(this));
    }

    /// <summary>Any thread: stops one. False when it is not running.</summary>
    internal bool Remove(GreenletTimeout timeout)
    {
        _lock.Enter();
        var removed = TryUnlink(timeout);
        _lock.Exit();
        return removed;
    }

    /// <summary>The hub's thread: a timer has come, or a turn for those that were due at once.</summary>
    /// <param name="timer">The timer; null for a turn.</param>
    internal void Fire(TimeoutTimer? timer)
    {
        var now = timer is null ? 0 : Math.Max(timer.Due, greenlet.Dispatcher.Clock.Now);
        TimeoutTimer? set = null;
        GreenletTimeout? fired = null;
        _lock.Enter();
        if (timer is null || timer == _timer)
            fired = TakeDue(now);
        if (timer is not null && timer == _timer)
            _timer = set = NextDue() is var next && next < HubClock.Never ? new TimeoutTimer(next, this) : null;
        _lock.Exit();
        if (set is not null)
            greenlet.Dispatcher.Post(set);
        while (fired is not null)
        {
            var following = fired.Following;
            fired.Following = null;
            fired.Raise();
            fired = following;
        }
    }

    /// <summary>The greenlet has ended.</summary>
    internal void Close()
    {
        _lock.Enter();
        var timer = _timer;
        _timer = null;
        while (_first is { } timeout)
            TryUnlink(timeout);
        _lock.Exit();
        timer?.TryCancel();
    }

    /// <summary>Takes those that are due, as a chain: what was due first comes first, of equals the one that was started first.</summary>
    private GreenletTimeout? TakeDue(long now)
    {
        GreenletTimeout? chain = null;
        for (var timeout = _first; timeout is not null;)
        {
            var following = timeout.Following;
            if (timeout.Due <= now && TryUnlink(timeout))
            {
                timeout.NoteFired();
                chain = Insert(chain, timeout);
            }

            timeout = following;
        }

        return chain;
    }

    private static GreenletTimeout Insert(GreenletTimeout? chain, GreenletTimeout timeout)
    {
        // The list has the newest first: an equal goes before those that are in the chain.
        if (chain is null || timeout.Due <= chain.Due)
        {
            timeout.Following = chain;
            return timeout;
        }

        var before = chain;
        while (before.Following is { } after && after.Due < timeout.Due)
            before = after;
        timeout.Following = before.Following;
        before.Following = timeout;
        return chain;
    }

    private long NextDue()
    {
        var next = HubClock.Never;
        for (var timeout = _first; timeout is not null; timeout = timeout.Following)
            next = Math.Min(next, timeout.Due);
        return next;
    }

    private void Link(GreenletTimeout timeout)
    {
        timeout.IsRunning = true;
        timeout.Previous = null;
        timeout.Following = _first;
        _first?.Previous = timeout;
        _first = timeout;
    }

    private bool TryUnlink(GreenletTimeout timeout)
    {
        if (!timeout.IsRunning)
            return false;
        timeout.IsRunning = false;
        if (timeout.Previous is { } previous)
            previous.Following = timeout.Following;
        else
            _first = timeout.Following;
        timeout.Following?.Previous = timeout.Previous;
        timeout.Previous = timeout.Following = null;
        return true;
    }
}
