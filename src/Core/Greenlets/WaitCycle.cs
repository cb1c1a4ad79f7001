namespace GreenletBridge;

/// <summary>Greenlets that wait for each other in a ring, by their ends and their locks: none of them can ever go on.</summary>
internal static class WaitCycle
{
    // Long chains are legal, and cycles that the caller is no part of are somebody else's error.
    private const int MostLooks = 10_000;

    /// <summary>Looks for a cycle that the wait of the calling greenlet for <paramref name="source"/> closes.</summary>
    /// <param name="source">What the caller waits for; the wait can be seen already, so of two that close a cycle at once one sees the other.</param>
    /// <returns>Who waits for whom, in words; null when there is no cycle, or time will break it.</returns>
    internal static string? Find(IHeldSource source)
    {
        if (Greenlet.Current is not { HasTimeLimit: false } self || !source.Holders.Any(static holder => holder.HeldWait is not null))
            return null;
        var chain = Search(self, source);
        // Locks change hands while they are looked at. Who waits now as he did then has let go of nothing between, so the second look is true of one moment.
        return chain is not null && Search(self, source) is { } again && chain.SequenceEqual(again) ? Tell(self, source, chain) : null;
    }

    /// <summary>The shortest way back to the caller; breadth first, for a wait may be for several.</summary>
    private static List<(Greenlet Greenlet, Waiter Wait)>? Search(Greenlet self, IHeldSource source)
    {
        var seen = new HashSet<Greenlet>();
        var found = new List<(Greenlet Greenlet, Waiter Wait, int Before)>();
        Add(source, before: -1);
        for (var at = 0; at < found.Count && at < MostLooks; at++)
        {
            var next = (IHeldSource)found[at].Wait.Source!;
            if (next.Holders.Contains(self))
                return WayTo(found, at);
            Add(next, at);
        }

        return null;

        void Add(IHeldSource held, int before)
        {
            foreach (var holder in held.Holders)
            {
                if (holder != self && seen.Add(holder) && holder.HeldWait is { } wait)
                    found.Add((holder, wait, before));
            }
        }
    }

    private static List<(Greenlet Greenlet, Waiter Wait)> WayTo(List<(Greenlet Greenlet, Waiter Wait, int Before)> found, int last)
    {
        var way = new List<(Greenlet Greenlet, Waiter Wait)>();
        for (var at = last; at >= 0; at = found[at].Before)
            way.Insert(0, (found[at].Greenlet, found[at].Wait));
        return way;
    }

    private static string Tell(Greenlet self, IHeldSource source, List<(Greenlet Greenlet, Waiter Wait)> chain)
    {
        var others = chain.Select(static link => $"{link.Greenlet}, which {((IHeldSource)link.Wait.Source!).Relation} ");
        return $"{self} {source.Relation} {string.Concat(others)}{self}: none of them can ever go on.";
    }
}
