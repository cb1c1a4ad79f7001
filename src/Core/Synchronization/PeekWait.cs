namespace GreenletBridge;

/// <summary>One wait for an item to look at.</summary>
internal sealed class PeekWait<T>(QueueCore<T> queue) : IWaitSource
{
    /// <summary>The item, when the wait has completed.</summary>
    internal T Item { get; set; } = default!;

    public bool TryAdd(Waiter waiter)
    {
        queue.AddTaker(waiter);
        return true;
    }

    public void Remove(Waiter waiter) => queue.RemoveTaker(waiter);

    public string Describe() => "an item of a queue to look at";
}
