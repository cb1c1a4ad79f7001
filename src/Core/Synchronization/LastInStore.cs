namespace GreenletBridge;

/// <summary>Last in, first out.</summary>
internal sealed class LastInStore<T> : ItemStore<T>
{
    private readonly Stack<T> _items = new();

    internal override int Count => _items.Count;

    internal override bool TryAdd(T item, object? prepared)
    {
        _items.Push(item);
        return true;
    }

    internal override T Take() => _items.Pop();

    internal override T Peek() => _items.Peek();

    internal override void Clear() => _items.Clear();
}
