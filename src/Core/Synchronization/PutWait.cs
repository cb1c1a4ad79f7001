namespace GreenletBridge;

/// <summary>One wait for room in a queue, with the item.</summary>
internal sealed class PutWait<T>(QueueCore<T> queue, T item) : IWaitSource
{
    internal T Item => item;

    /// <summary>Whether the item was taken over. If not, though the wait has completed, a place is reserved for it.</summary>
    internal bool IsAccepted { get; set; }

    public bool TryAdd(Waiter waiter)
    {
        queue.AddPutter(waiter);
        return true;
    }

    public void Remove(Waiter waiter) => queue.RemovePutter(waiter);

    public string Describe() => queue.Capacity == 0 ? "somebody to take an item from a channel" : $"room in a queue of {queue.Capacity}";
}
