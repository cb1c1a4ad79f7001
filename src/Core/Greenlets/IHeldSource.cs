namespace GreenletBridge;

/// <summary>Something to wait for that one greenlet holds: until it lets go or ends, the wait cannot end by itself.</summary>
internal interface IHeldSource : IWaitSource
{
    /// <summary>Who holds it; null when somebody else, or the time, can end the wait as well.</summary>
    Greenlet? Holder { get; }

    /// <summary>What a waiting greenlet does, in words: "waits for" or "waits for the lock of".</summary>
    string Relation { get; }
}
