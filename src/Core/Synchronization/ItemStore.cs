namespace GreenletBridge;

/// <summary>The items of a queue, in the order in which they are taken. Guarded by the queue's lock, but for <see cref="Prepare"/>.</summary>
internal abstract class ItemStore<T>
{
    internal abstract int Count { get; }

    /// <summary>Whether <see cref="Prepare"/> must be called, because it runs code of the user's.</summary>
    internal virtual bool IsSorted => false;

    /// <summary>Finds out where an item belongs; outside of the lock. Whatever it throws leaves the store as it was.</summary>
    internal virtual object? Prepare(T item) => null;

    /// <summary>Adds the item. False when it must be prepared, or the store has changed since.</summary>
    internal abstract bool TryAdd(T item, object? prepared);

    /// <summary>Takes the next item; there is one.</summary>
    internal abstract T Take();

    /// <summary>The next item; there is one.</summary>
    internal abstract T Peek();

    internal abstract void Clear();
}
