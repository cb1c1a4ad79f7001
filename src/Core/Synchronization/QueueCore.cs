namespace GreenletBridge;

/// <summary>What all queues and the channel, a queue without places, have in common: items, those who wait to put and those who wait to take.</summary>
/// <remarks>
/// <para>Who takes waits only while nothing is there, so an item that is put goes to the longest waiting one at once: it lies with
/// that one's wait until it runs, and nobody else sees it. Who puts waits with his item, which whoever makes room takes over. So a
/// waiter that was not chosen has given and taken nothing, and one that was chosen cannot be killed any more.</para>
/// <para>Between a look and a wait things may change; then the wait is not begun (<see cref="WaitOutcome.Again"/>) and one looks again.</para>
/// </remarks>
internal sealed partial class QueueCore<T>(ItemStore<T> store, int capacity)
{
    private TinyLock _lock;
    private WaiterList _takers;
    private WaiterList _putters;

    // Places of putters that were chosen, and sort their item in themselves.
    private int _reserved;
    private volatile bool _isShut;

    internal int Capacity => capacity;

    internal bool IsShut => _isShut;

    internal int Count
    {
        get
        {
            _lock.Enter();
            var count = store.Count;
            _lock.Exit();
            return count;
        }
    }

    /// <summary>Those who wait to put less those who wait to take.</summary>
    internal int Balance
    {
        get
        {
            _lock.Enter();
            var balance = _putters.CountWaiting() - _takers.CountWaiting();
            _lock.Exit();
            return balance;
        }
    }

    private bool HasRoom => store.Count + _reserved < capacity;

    private bool HasItem => store.Count > 0 || (capacity == 0 && !_putters.IsEmpty);

    /// <summary>Puts without waiting: Completed, Closed, or None when there is no room.</summary>
    internal WaitOutcome TryPut(T item) => PutOnce(item, isReserved: false);

    /// <summary>Takes without waiting: Completed, Closed, or None when there is nothing.</summary>
    internal WaitOutcome TryTake(out T item)
    {
        var woken = default(WaiterChain);
        var outcome = WaitOutcome.Completed;
        item = default!;
        _lock.Enter();
        if (store.Count > 0)
        {
            item = store.Take();
            LetIn(ref woken);
        }
        else if (capacity == 0 && _putters.Take() is { } putter)
        {
            item = Accept(putter).Item;
            woken.Add(putter);
        }
        else
        {
            outcome = _isShut ? WaitOutcome.Closed : WaitOutcome.None;
        }

        _lock.Exit();
        woken.Wake();
        return outcome;
    }

    /// <summary>Looks without waiting: Completed, Closed, or None when there is nothing.</summary>
    internal WaitOutcome TryPeek(out T item)
    {
        _lock.Enter();
        var has = store.Count > 0;
        item = has ? store.Peek() : default!;
        var outcome = has ? WaitOutcome.Completed : _isShut ? WaitOutcome.Closed : WaitOutcome.None;
        _lock.Exit();
        return outcome;
    }

    private WaitOutcome PutOnce(T item, bool isReserved)
    {
        object? prepared = null;
        while (true)
        {
            var woken = default(WaiterChain);
            _lock.Enter();
            var outcome = _isShut ? WaitOutcome.Closed : Add(item, prepared, isReserved, ref woken);
            if (isReserved && outcome is not null)
            {
                _reserved--;
                LetIn(ref woken);
            }

            _lock.Exit();
            woken.Wake();
            if (outcome is not null)
                return outcome.Value;
            prepared = isReserved ? PrepareReserved(item) : store.Prepare(item);
        }
    }

    // Null: the store is not prepared for the item, or has changed since.
    private WaitOutcome? Add(T item, object? prepared, bool isReserved, ref WaiterChain woken)
    {
        if (!TryGrant(item, ref woken))
        {
            if (!isReserved && !HasRoom)
                return WaitOutcome.None;
            if (!store.TryAdd(item, prepared))
                return null;
        }

        _unfinished++;
        return WaitOutcome.Completed;
    }

    private bool TryGrant(T item, ref WaiterChain woken)
    {
        while (_takers.Take() is { } taker)
        {
            woken.Add(taker);
            // Into the very wait that was chosen: were it left for whoever runs first, a later taker could get an older item.
            var wait = (TakeWait<T>)taker.Source!;
            wait.Item = item;
            if (!wait.IsPeek)
                return true;
        }

        return false;
    }

    /// <summary>Room was made: those who wait to put have it, in order.</summary>
    private void LetIn(ref WaiterChain woken)
    {
        while (HasRoom && _putters.Take() is { } putter)
        {
            if (store.IsSorted)
                _reserved++;
            else
                store.TryAdd(Accept(putter).Item, null);
            woken.Add(putter);
        }
    }

    private PutWait<T> Accept(Waiter putter)
    {
        var put = (PutWait<T>)putter.Source!;
        put.IsAccepted = true;
        _unfinished++;
        return put;
    }

    private object? PrepareReserved(T item)
    {
        try
        {
            return store.Prepare(item);
        }
        catch
        {
            var woken = default(WaiterChain);
            _lock.Enter();
            _reserved--;
            LetIn(ref woken);
            _lock.Exit();
            woken.Wake();
            throw;
        }
    }
}
