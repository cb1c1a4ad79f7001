namespace GreenletBridge;

/// <content>Work that is not done yet, and the end of the queue.</content>
internal sealed partial class QueueCore<T>
{
    private WaiterList _joiners;
    private JoinWait<T>? _joinWait;
    private long _unfinished;

    /// <summary>Items that were put and not reported done.</summary>
    internal long Unfinished => Volatile.Read(ref _unfinished);

    /// <summary>Comes when no item is unfinished.</summary>
    internal IWaitSource JoinSource => _joinWait ??= new JoinWait<T>(this);

    /// <exception cref="InvalidOperationException">More were reported than put.</exception>
    internal void TaskDone()
    {
        Waiter? woken = null;
        _lock.Enter();
        var isTooMany = _unfinished == 0;
        if (!isTooMany && --_unfinished == 0)
            woken = _joiners.TakeAll();
        _lock.Exit();
        if (isTooMany)
            throw new InvalidOperationException("TaskDone() was called more often than items were put. Call it once for each item that was taken.");
        WaiterList.Wake(woken);
    }

    /// <summary>Takes no more. Who waits to put, or to take from an empty queue, is told; with <paramref name="immediate"/> the items are dropped.</summary>
    internal void Shutdown(bool immediate)
    {
        _lock.Enter();
        _isShut = true;
        // Putters first: they have waited for room, so takers wait in a queue without places only.
        var putters = _putters.TakeAll(WaitOutcome.Closed);
        var takers = _takers.TakeAll(WaitOutcome.Closed);
        Waiter? joiners = null;
        if (immediate)
        {
            _unfinished = Math.Max(0, _unfinished - store.Count);
            store.Clear();
            if (_unfinished == 0)
                joiners = _joiners.TakeAll();
        }

        _lock.Exit();
        WaiterList.Wake(putters);
        WaiterList.Wake(takers);
        WaiterList.Wake(joiners);
    }

    internal bool AddJoiner(Waiter waiter)
    {
        _lock.Enter();
        var waits = _unfinished > 0;
        if (waits)
            _joiners.Add(waiter);
        _lock.Exit();
        return waits;
    }

    internal void RemoveJoiner(Waiter waiter) => RemoveWaiter(waiter, ref _joiners);
}
