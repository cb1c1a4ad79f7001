namespace GreenletBridge;

/// <summary>One enumeration of a lazy map: what is under way and what is done and not taken.</summary>
/// <remarks>There is no greenlet behind it: whoever takes the values reads the items and begins their greenlets.</remarks>
internal sealed class MapRun<TItem, TResult>(MapPlan<TItem> plan, Func<TItem, Greenlet<TResult>> make) : IWaitSource, IGreenletContinuation, IDisposable
{
    private readonly IEnumerator<TItem> _items = plan.Items.GetEnumerator();
    // Begun and not taken; in order, if that is asked for, and else those that are done.
    private readonly HashSet<Greenlet<TResult>> _held = [];
    private readonly Queue<Greenlet<TResult>> _queue = new();
    private Greenlet<TResult>? _next;
    private Waiter? _waiter;
    private TinyLock _lock;
    private int _running;
    private bool _hasNews;
    private bool _isOver;

    /// <summary>The greenlet that could not begin because there was no place; whoever takes the values has to wait for one, and then <see cref="Began"/>.</summary>
    internal Greenlet<TResult>? Next => _next;

    /// <summary>Reads items and begins greenlets as far as the bound and the places go.</summary>
    /// <returns>Whether none is under way and the next has no place.</returns>
    internal bool NeedsPlace()
    {
        Volatile.Write(ref _hasNews, false);
        while (!_isOver && _held.Count < plan.Bound)
        {
            _next ??= ReadNext();
            if (_next is null)
                break;
            if (plan.Group.TryBegin(_next) is null)
                return Volatile.Read(ref _running) == 0 && _held.Count == 0;
            Began();
        }

        return false;
    }

    /// <summary><see cref="Next"/> has got a place.</summary>
    internal void Began()
    {
        var greenlet = _next!;
        _next = null;
        _held.Add(greenlet);
        if (plan.Ordered)
            _queue.Enqueue(greenlet);
        Interlocked.Increment(ref _running);
        if (!greenlet.TryAddContinuation(this))
            OnEnded(greenlet);
    }

    /// <summary>The greenlet whose value is next, if it has ended.</summary>
    internal Greenlet<TResult>? TakeDone()
    {
        _lock.Enter();
        var done = _queue.TryPeek(out var first) && first.IsReady ? _queue.Dequeue() : null;
        _lock.Exit();
        if (done is not null)
            _held.Remove(done);
        return done;
    }

    /// <summary>Whether every item has been taken.</summary>
    internal bool IsOver => _isOver && _held.Count == 0;

    public void OnEnded(Greenlet greenlet)
    {
        Interlocked.Decrement(ref _running);
        _lock.Enter();
        if (!plan.Ordered)
            _queue.Enqueue((Greenlet<TResult>)greenlet);
        Volatile.Write(ref _hasNews, true);
        var waiter = _waiter;
        _waiter = null;
        _lock.Exit();
        waiter?.TryEnd(WaitOutcome.Completed);
    }

    public bool TryAdd(Waiter waiter)
    {
        _lock.Enter();
        var waits = !_hasNews;
        if (waits)
            _waiter = waiter;
        _lock.Exit();
        return waits;
    }

    public void Remove(Waiter waiter)
    {
        _lock.Enter();
        if (_waiter == waiter)
            _waiter = null;
        _lock.Exit();
    }

    public string Describe() => $"one of {_held.Count} items of a map";

    /// <summary>Left, early or not: what is under way is for nobody.</summary>
    public void Dispose()
    {
        _isOver = true;
        _next = null;
        foreach (var greenlet in _held)
            greenlet.Kill();
        _held.Clear();
        _items.Dispose();
    }

    private Greenlet<TResult>? ReadNext()
    {
        try
        {
            if (_items.MoveNext())
                return make(_items.Current);
        }
        catch
        {
            // A sequence that has thrown has no more items.
            _isOver = true;
            throw;
        }

        _isOver = true;
        return null;
    }
}
