namespace GreenletBridge;

/// <summary>First in, first out.</summary>
internal sealed class FirstInStore<T> : ItemStore<T>
{
    private readonly Queue<T> _items = new();

    internal override int Count => _items.Count;

    internal override bool TryAdd(T item, object? prepared)
    {
        _items.Enqueue(item);
        return true;
    }

    internal override T Take() => _items.Dequeue();

    internal override T Peek() => _items.Peek();

    internal override void Clear() => _items.Clear();
}
