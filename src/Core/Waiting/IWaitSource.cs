namespace GreenletBridge;

/// <summary>Something that can be waited for.</summary>
internal interface IWaitSource
{
    /// <summary>Adds a waiter, to be ended when it has come. False when it has come already; the waiter was not added.</summary>
    bool TryAdd(Waiter waiter);

    /// <summary>Removes a waiter that was killed, cancelled or timed out: it leaves no trace.</summary>
    void Remove(Waiter waiter);

    /// <summary>What it is, in words for a snapshot.</summary>
    string Describe();
}
