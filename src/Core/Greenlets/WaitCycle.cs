namespace GreenletBridge;

/// <summary>Greenlets that wait for each other in a ring, by their ends and their locks: none of them can ever go on.</summary>
internal static class WaitCycle
{
    // Long chains are legal, and cycles that the caller is no part of are somebody else's error.
    private const int LongestChain = 10_000;

    /// <summary>Looks for a cycle that the wait of the calling greenlet for <paramref name="source"/> closes.</summary>
    /// <param name="source">What the caller waits for; the wait can be seen already, so of two that close a cycle at once one sees the other.</param>
    /// <returns>Who waits for whom, in words; null when there is no cycle, or time will break it.</returns>
    internal static string? Find(IHeldSource source)
    {
        if (Greenlet.Current is not { HasTimeLimit: false } self || source.Holder?.HeldWait is null)
            return null;
        var chain = Follow(self, source);
        // Locks change hands while they are looked at. Who waits now as he did then has let go of nothing between, so the second look is true of one moment.
        return chain is not null && Follow(self, source) is { } again && chain.SequenceEqual(again) ? Tell(self, source, chain) : null;
    }

    private static List<(Greenlet Greenlet, Waiter Wait)>? Follow(Greenlet self, IHeldSource source)
    {
        var chain = new List<(Greenlet, Waiter)>();
        for (var next = source.Holder; next is not null && chain.Count < LongestChain; next = ((IHeldSource)chain[^1].Item2.Source!).Holder)
        {
            if (next == self)
                return chain;
            if (next.HeldWait is not { } wait)
                return null;
            chain.Add((next, wait));
        }

        return null;
    }

    private static string Tell(Greenlet self, IHeldSource source, List<(Greenlet Greenlet, Waiter Wait)> chain)
    {
        var others = chain.Select(static link => $"{link.Greenlet}, which {((IHeldSource)link.Wait.Source!).Relation} ");
        return $"{self} {source.Relation} {string.Concat(others)}{self}: none of them can ever go on.";
    }
}
