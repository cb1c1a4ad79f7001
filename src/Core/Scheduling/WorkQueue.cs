using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge;

/// <summary>A first-in first-out queue of items, touched by the baton's holder only.</summary>
internal struct WorkQueue
{
    private WorkItem? _head;
    private WorkItem? _tail;
    private int _count;

    /// <summary>How many items it has; may be read from any thread as an estimate.</summary>
    internal readonly int Count => Volatile.Read(in _count);

    internal readonly bool IsEmpty => _head is null;

    /// <summary>The item that <see cref="TryDequeue"/> would give.</summary>
    internal readonly WorkItem? First => _head;

    internal void Enqueue(WorkItem item)
    {
        item.Next = null;
        if (_tail is null)
            _head = item;
        else
            _tail.Next = item;
        _tail = item;
        _count++;
    }

    internal void PushFront(WorkItem item)
    {
        item.Next = _head;
        _head = item;
        _tail ??= item;
        _count++;
    }

    /// <summary>Takes the item at a place, 0 for the first, by going there.</summary>
    internal WorkItem RemoveAt(int index)
    {
        if (index == 0 && TryDequeue(out var first))
            return first;
        var before = _head!;
        for (var i = 1; i < index; i++)
            before = before.Next!;
        var item = before.Next!;
        before.Next = item.Next;
        if (item == _tail)
            _tail = before;
        item.Next = null;
        _count--;
        return item;
    }

    internal bool TryDequeue([NotNullWhen(true)] out WorkItem? item)
    {
        item = _head;
        if (item is null)
            return false;
        _head = item.Next;
        if (_head is null)
            _tail = null;
        item.Next = null;
        _count--;
        return true;
    }
}
