namespace GreenletBridge;

/// <summary>One wait for an item of a queue, which is put into it.</summary>
internal sealed class TakeWait<T>(QueueCore<T> queue, bool isPeek) : IWaitSource
{
    /// <summary>Whether it only looks at the item.</summary>
    internal bool IsPeek => isPeek;

    /// <summary>The item, when the wait has completed.</summary>
    internal T Item { get; set; } = default!;

    public bool TryAdd(Waiter waiter)
    {
        queue.AddTaker(waiter);
        return true;
    }

    public void Remove(Waiter waiter) => queue.RemoveTaker(waiter);

    public string Describe() => (queue.Capacity == 0 ? "an item from a channel" : "an item of a queue") + (isPeek ? " to look at" : "");
}
