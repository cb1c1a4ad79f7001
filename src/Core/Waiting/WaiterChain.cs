namespace GreenletBridge;

/// <summary>Waiters that were taken under a lock, to be woken in order after it was left.</summary>
internal struct WaiterChain
{
    private Waiter? _last;

    internal Waiter? First { get; private set; }

    /// <summary>Adds one that is in no list any more.</summary>
    internal void Add(Waiter waiter)
    {
        if (_last is null)
            First = waiter;
        else
            _last.Following = waiter;
        _last = waiter;
    }

    /// <summary>Wakes them all.</summary>
    internal readonly void Wake() => WaiterList.Wake(First);
}
