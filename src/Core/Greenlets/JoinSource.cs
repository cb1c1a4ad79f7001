namespace GreenletBridge;

/// <summary>A greenlet's end as something to wait for.</summary>
/// <param name="greenlet">Whose end.</param>
/// <param name="isEndless">Whether nothing else than that end, or a kill, ends the wait.</param>
internal sealed class JoinSource(Greenlet greenlet, bool isEndless = false) : IWaitSource
{
    // Long chains are legal, and cycles that the caller is no part of are somebody else's error.
    private const int LongestChain = 10_000;

    private string? _cycle;

    internal Greenlet Greenlet => greenlet;

    internal bool IsEndless => isEndless;

    public bool TryAdd(Waiter waiter)
    {
        // Looked at after the wait can be seen: of two greenlets that close a cycle at once one sees the other.
        if (isEndless && waiter is GreenletWaiter && greenlet.Joins is not null && (_cycle = FindCycle()) is not null)
            return false;
        return greenlet.TryAddContinuation(waiter);
    }

    public void Remove(Waiter waiter) => greenlet.RemoveContinuation(waiter);

    public string Describe() => $"the end of {greenlet}";

    /// <exception cref="HubDeadlockException">The wait would have closed a cycle: it was not begun.</exception>
    internal void ThrowIfCycle()
    {
        if (_cycle is { } cycle)
            throw new HubDeadlockException($"{cycle}: none of them can ever end. Let one of them wait with a timeout, or return first.");
    }

    private string? FindCycle()
    {
        var self = Greenlet.Current;
        var chain = new List<Greenlet>();
        for (Greenlet? next = greenlet; next is not null && chain.Count < LongestChain; next = next.Joins)
        {
            if (next == self)
                return $"{self} waits for {string.Join(", which waits for ", chain.Append(self))}";
            chain.Add(next);
        }

        return null;
    }
}
