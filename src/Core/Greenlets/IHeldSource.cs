namespace GreenletBridge;

/// <summary>Something to wait for that greenlets hold: until each of them lets go or ends, the wait cannot end by itself.</summary>
internal interface IHeldSource : IWaitSource
{
    /// <summary>Who holds it, the first if there are several; null when somebody else, or the time, can end the wait as well.</summary>
    Greenlet? Holder { get; }

    /// <summary>All who hold it.</summary>
    IEnumerable<Greenlet> Holders => Holder is { } holder ? [holder] : [];

    /// <summary>What a waiting greenlet does, in words: "waits for" or "waits for the lock of".</summary>
    string Relation { get; }
}
