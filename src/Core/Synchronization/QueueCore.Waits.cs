namespace GreenletBridge;

/// <content>Putting and taking with a wait.</content>
internal sealed partial class QueueCore<T>
{
    // One is kept: a queue mostly has one taker, which then allocates its waiter only.
    private TakeWait<T>? _spareTake;

    /// <summary>Puts, waiting for room if need be: Completed, TimedOut or Closed.</summary>
    internal WaitOutcome Put(T item, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        var time = default(WaitTime?);
        while (true)
        {
            var outcome = TryPut(item);
            if (outcome != WaitOutcome.None)
                return outcome;
            if (isLook)
                return WaitOutcome.TimedOut;
            var wait = new PutWait<T>(this, item);
            time ??= WaitTime.Start(timeout);
            outcome = Waits.Block(wait, time.Value.Left, cancellationToken);
            if (outcome != WaitOutcome.Again)
                return PutAfter(wait, outcome, cancellationToken);
        }
    }

    /// <summary>Takes, waiting for an item if need be: Completed, TimedOut or Closed.</summary>
    internal WaitOutcome Take(out T item, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        var time = default(WaitTime?);
        while (true)
        {
            var outcome = TryTake(out item);
            if (outcome != WaitOutcome.None)
                return outcome;
            if (isLook)
                return WaitOutcome.TimedOut;
            time ??= WaitTime.Start(timeout);
            var wait = NewTake();
            outcome = Waits.Block(wait, time.Value.Left, cancellationToken);
            item = TakeFrom(wait);
            if (outcome != WaitOutcome.Again)
                return Checked(outcome, cancellationToken);
        }
    }

    /// <summary>Looks, waiting for an item if need be: Completed, TimedOut or Closed.</summary>
    internal WaitOutcome Peek(out T item, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        var time = default(WaitTime?);
        while (true)
        {
            var outcome = TryPeek(out item);
            if (outcome != WaitOutcome.None)
                return outcome;
            if (isLook)
                return WaitOutcome.TimedOut;
            var wait = new TakeWait<T>(this, isPeek: true);
            time ??= WaitTime.Start(timeout);
            outcome = Waits.Block(wait, time.Value.Left, cancellationToken);
            item = wait.Item;
            if (outcome != WaitOutcome.Again)
                return Checked(outcome, cancellationToken);
        }
    }

    internal void AddTaker(Waiter waiter) => AddWaiter(waiter, ref _takers, isPutter: false);

    internal void AddPutter(Waiter waiter) => AddWaiter(waiter, ref _putters, isPutter: true);

    internal void RemoveTaker(Waiter waiter) => RemoveWaiter(waiter, ref _takers);

    internal void RemovePutter(Waiter waiter) => RemoveWaiter(waiter, ref _putters);

    private void AddWaiter(Waiter waiter, ref WaiterList list, bool isPutter)
    {
        _lock.Enter();
        var goesOn = _isShut || (isPutter ? HasRoom || !_takers.IsEmpty : HasItem);
        if (!goesOn)
            list.Add(waiter);
        _lock.Exit();
        if (goesOn)
            waiter.TryEnd(WaitOutcome.Again);
    }

    private void RemoveWaiter(Waiter waiter, ref WaiterList list)
    {
        _lock.Enter();
        list.Remove(waiter);
        _lock.Exit();
    }

    private WaitOutcome PutAfter(PutWait<T> wait, WaitOutcome outcome, CancellationToken cancellationToken) =>
        outcome == WaitOutcome.Completed && !wait.IsAccepted ? PutOnce(wait.Item, isReserved: true) : Checked(outcome, cancellationToken);

    private TakeWait<T> NewTake() => Interlocked.Exchange(ref _spareTake, null) ?? new TakeWait<T>(this, isPeek: false);

    // Only of a wait that was not thrown out of: one that a kill ended is left to the collector.
    private T TakeFrom(TakeWait<T> wait)
    {
        var item = wait.Item;
        wait.Item = default!;
        Volatile.Write(ref _spareTake, wait);
        return item;
    }

    private static WaitOutcome Checked(WaitOutcome outcome, CancellationToken cancellationToken)
    {
        WaitLimit.Came(outcome, cancellationToken);
        return outcome;
    }
}
