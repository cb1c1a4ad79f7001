using System.Collections.Immutable;

namespace GreenletBridge;

/// <summary>The least first; first in, first out among equals.</summary>
/// <remarks>
/// The comparer is the user's: it may be slow, throw, wait, or use the queue, so it must not run under the lock. A place is
/// therefore looked for in a version that nobody changes, and the item is added only if that version is still the current one.
/// To take the least compares nothing.
/// </remarks>
internal sealed class SortedStore<T>(IComparer<T> comparer) : ItemStore<T>
{
    private ImmutableList<T> _items = [];

    internal override int Count => _items.Count;

    internal override bool IsSorted => true;

    internal override object? Prepare(T item)
    {
        var seen = Volatile.Read(ref _items);
        var (low, high) = (0, seen.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (comparer.Compare(item, seen[middle]) < 0)
                high = middle;
            else
                low = middle + 1;
        }

        return new Version(seen, seen.Insert(low, item));
    }

    internal override bool TryAdd(T item, object? prepared)
    {
        if (prepared is not Version version || !ReferenceEquals(version.Seen, _items))
            return false;
        Volatile.Write(ref _items, version.Made);
        return true;
    }

    internal override T Take()
    {
        var first = _items[0];
        Volatile.Write(ref _items, _items.RemoveAt(0));
        return first;
    }

    internal override T Peek() => _items[0];

    internal override void Clear() => Volatile.Write(ref _items, []);

    private sealed record Version(ImmutableList<T> Seen, ImmutableList<T> Made);
}
