using System.Runtime.InteropServices;

namespace GreenletBridge;

/// <summary>A hub that has nothing left to do, as something to wait for.</summary>
internal sealed class QuietSource(Hub hub) : IWaitSource
{
    private WaiterList _waiters;
    private TinyLock _lock;
    // The greenlets of the hub itself that wait, with how often each does.
    private readonly Dictionary<Greenlet, int> _own = [];
    private int _all;

    internal bool IsWaitedFor => Volatile.Read(ref _all) > 0;

    /// <summary>How many greenlets of the hub itself wait; one that has ended and left a wait behind does not.</summary>
    /// <param name="another">One that is about to, and counts.</param>
    internal int Own(Greenlet? another = null)
    {
        _lock.Enter();
        var own = another is null || _own.ContainsKey(another) ? 0 : 1;
        foreach (var greenlet in _own.Keys)
            own += greenlet.IsReady ? 0 : 1;
        _lock.Exit();
        return own;
    }

    /// <summary>Before the wait: from here on a greenlet of the hub counts as one that waits.</summary>
    /// <param name="own">The greenlet; null if who waits is none of this hub.</param>
    internal void Enter(Greenlet? own)
    {
        if (own is not null)
        {
            _lock.Enter();
            CollectionsMarshal.GetValueRefOrAddDefault(_own, own, out _)++;
            _lock.Exit();
        }

        Interlocked.Increment(ref _all);
    }

    internal void Leave(Greenlet? own)
    {
        Interlocked.Decrement(ref _all);
        if (own is null)
            return;
        _lock.Enter();
        if (--CollectionsMarshal.GetValueRefOrNullRef(_own, own) == 0)
            _own.Remove(own);
        _lock.Exit();
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
