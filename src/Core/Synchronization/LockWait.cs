namespace GreenletBridge;

/// <summary>One wait for a lock: for whom, and how it is to be taken.</summary>
/// <param name="what">The lock.</param>
/// <param name="owner">Who will own it.</param>
/// <param name="isEndless">Whether nothing else than the lock, or a kill, ends the wait.</param>
/// <param name="depth">How many times it is taken at once.</param>
internal sealed class LockWait(GreenletLock what, object owner, bool isEndless, int depth = 1) : IHeldSource
{
    private string? _cycle;

    public Greenlet? Holder => isEndless ? what.HoldingGreenlet : null;

    public string Relation => "waits for a lock of";

    internal GreenletLock Lock => what;

    internal object Owner => owner;

    internal int Depth => depth;

    public bool TryAdd(Waiter waiter)
    {
        if (isEndless && waiter is GreenletWaiter && (_cycle = WaitCycle.Find(this)) is not null)
            return false;
        what.Add(waiter, this);
        return true;
    }

    public void Remove(Waiter waiter) => what.Remove(waiter);

    public string Describe() => $"a lock held by {NameOf(what.Owner)}";

    internal static string NameOf(object? owner) => owner switch
    {
        null => "nobody",
        Greenlet greenlet => greenlet.ToString(),
        Thread thread => $"thread {thread.ManagedThreadId}",
        _ => "async code on no greenlet, which awaited AcquireAsync itself",
    };

    /// <exception cref="HubDeadlockException">The wait would have closed a cycle: it was not begun.</exception>
    internal void ThrowIfCycle()
    {
        if (_cycle is { } cycle)
            throw new HubDeadlockException($"{cycle} Take the locks in the same order everywhere, or wait with a timeout.");
    }
}
