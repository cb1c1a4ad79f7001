namespace GreenletBridge;

/// <summary>The greenlets of a hub whose time to start has not come.</summary>
internal sealed class DelayedStarts(Dispatcher dispatcher)
{
    private readonly Dictionary<Greenlet, StartTimer> _timers = [];
    private TinyLock _lock;

    internal bool IsEmpty => _timers.Count == 0;

    internal void Add(Greenlet greenlet, TimeSpan delay)
    {
        var timer = new StartTimer(dispatcher.Clock.After(delay), greenlet, this);
        _lock.Enter();
        // A second time for one that has one already does not count.
        var added = _timers.TryAdd(greenlet, timer);
        _lock.Exit();
        if (added)
            dispatcher.Post(timer);
    }

    /// <summary>It was killed: its timer must not hold it until it would have been due.</summary>
    internal void Remove(Greenlet greenlet)
    {
        _lock.Enter();
        _timers.Remove(greenlet, out var timer);
        _lock.Exit();
        timer?.TryCancel();
    }

    internal void Forget(Greenlet greenlet)
    {
        _lock.Enter();
        _timers.Remove(greenlet);
        _lock.Exit();
    }

    internal Greenlet[] ToArray()
    {
        _lock.Enter();
        Greenlet[] all = [.. _timers.Keys];
        _lock.Exit();
        return all;
    }
}
