namespace GreenletBridge;

/// <summary>Those who are to be told of a greenlet's end, when there are several.</summary>
internal sealed class ContinuationList(object first, object second)
{
    private readonly List<object> _all = [first, second];
    private TinyLock _lock;
    private bool _closed;

    internal bool TryAdd(object continuation)
    {
        _lock.Enter();
        var open = !_closed;
        if (open)
            _all.Add(continuation);
        _lock.Exit();
        return open;
    }

    internal bool Remove(object continuation)
    {
        _lock.Enter();
        var removed = !_closed && _all.Remove(continuation);
        _lock.Exit();
        return removed;
    }

    internal object? Find(Predicate<object> match)
    {
        _lock.Enter();
        var found = _closed ? null : _all.Find(match);
        _lock.Exit();
        return found;
    }

    /// <summary>Takes no more. Those that it has belong to the caller alone.</summary>
    internal List<object> Close()
    {
        _lock.Enter();
        _closed = true;
        _lock.Exit();
        return _all;
    }
}
