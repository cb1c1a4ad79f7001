namespace GreenletBridge;

/// <summary>Waits for an item of a queue.</summary>
internal sealed class TakeWait<T>(QueueCore<T> queue) : IWaitSource
{
    public bool TryAdd(Waiter waiter)
    {
        queue.AddTaker(waiter);
        return true;
    }

    public void Remove(Waiter waiter) => queue.RemoveTaker(waiter);

    public string Describe() => queue.Capacity == 0 ? "an item from a channel" : "an item of a queue";
}
