namespace GreenletBridge;

/// <summary>Waits until all items of a queue are done.</summary>
internal sealed class JoinWait<T>(QueueCore<T> queue) : IWaitSource
{
    public bool TryAdd(Waiter waiter) => queue.AddJoiner(waiter);

    public void Remove(Waiter waiter) => queue.RemoveJoiner(waiter);

    public string Describe() => $"the last of {queue.Unfinished} unfinished items of a queue";
}
