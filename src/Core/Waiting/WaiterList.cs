namespace GreenletBridge;

/// <summary>Those who wait for one thing, first come first served, linked through themselves.</summary>
/// <remarks>
/// Guarded by its owner's lock, with the state that it belongs to. Whoever takes a waiter has ended its wait, so what it was
/// taken for is its own; it is woken by <see cref="Waiter.Wake"/> after the lock was left, because waking may take other locks.
/// </remarks>
internal struct WaiterList
{
    private Waiter? _first;
    private Waiter? _last;

    internal readonly bool IsEmpty => _first is null;

    internal void Add(Waiter waiter)
    {
        waiter.InList = true;
        waiter.Previous = _last;
        if (_last is null)
            _first = waiter;
        else
            _last.Following = waiter;
        _last = waiter;
    }

    /// <summary>Forgets a waiter; nothing if it is in no list.</summary>
    internal void Remove(Waiter waiter)
    {
        if (!waiter.InList)
            return;
        if (waiter.Previous is { } previous)
            previous.Following = waiter.Following;
        else
            _first = waiter.Following;
        if (waiter.Following is { } following)
            following.Previous = waiter.Previous;
        else
            _last = waiter.Previous;
        waiter.InList = false;
        waiter.Previous = waiter.Following = null;
    }

    /// <summary>How many still wait; looks at each.</summary>
    internal readonly int CountWaiting()
    {
        var count = 0;
        for (var waiter = _first; waiter is not null; waiter = waiter.Following)
            count += waiter.Outcome == WaitOutcome.None ? 1 : 0;
        return count;
    }

    /// <summary>Takes the longest waiting one whose wait still goes on, and ends it so; null if there is none. To be woken by the caller.</summary>
    internal Waiter? Take(WaitOutcome outcome = WaitOutcome.Completed)
    {
        while (_first is { } waiter)
        {
            Remove(waiter);
            if (waiter.TryDecide(outcome))
                return waiter;
        }

        return null;
    }

    /// <summary>Takes all, as a chain for <see cref="Wake"/>; null if there is none.</summary>
    internal Waiter? TakeAll(WaitOutcome outcome = WaitOutcome.Completed)
    {
        var chain = default(WaiterChain);
        while (Take(outcome) is { } waiter)
            chain.Add(waiter);
        return chain.First;
    }

    /// <summary>Wakes those that <see cref="TakeAll"/> took, in order.</summary>
    internal static void Wake(Waiter? chain)
    {
        while (chain is not null)
        {
            var following = chain.Following;
            chain.Following = null;
            chain.Wake();
            chain = following;
        }
    }
}
