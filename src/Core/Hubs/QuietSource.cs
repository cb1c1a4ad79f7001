namespace GreenletBridge;

/// <summary>A hub that has nothing left to do, as something to wait for.</summary>
internal sealed class QuietSource(Hub hub) : IWaitSource
{
    private WaiterList _waiters;
    private TinyLock _lock;
    private int _own;
    private int _all;

    /// <summary>How many of those who wait are greenlets of the hub itself.</summary>
    internal int Own => Volatile.Read(ref _own);

    internal bool IsWaitedFor => Volatile.Read(ref _all) > 0;

    /// <summary>Before the wait: from here on a greenlet of the hub counts as one that waits.</summary>
    internal bool Enter(bool isOwn)
    {
        Interlocked.Increment(ref _all);
        if (isOwn)
            Interlocked.Increment(ref _own);
        return isOwn;
    }

    internal void Leave(bool isOwn)
    {
        Interlocked.Decrement(ref _all);
        if (isOwn)
            Interlocked.Decrement(ref _own);
    }

    public bool TryAdd(Waiter waiter)
    {
        _lock.Enter();
        _waiters.Add(waiter);
        _lock.Exit();
        // After it can be seen: what is quiet by now has to be looked at again.
        hub.LookIfJoined();
        return true;
    }

    public void Remove(Waiter waiter)
    {
        _lock.Enter();
        _waiters.Remove(waiter);
        _lock.Exit();
    }

    public string Describe() => $"{hub} to have nothing left to do";

    internal void EndAll()
    {
        _lock.Enter();
        var chain = _waiters.TakeAll();
        _lock.Exit();
        WaiterList.Wake(chain);
    }
}
