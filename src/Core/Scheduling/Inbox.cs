namespace GreenletBridge;

/// <summary>Where every thread posts items to a dispatcher: lock-free, many producers, drained whole by the baton's holder.</summary>
internal struct Inbox
{
    private WorkItem? _head;

    internal readonly bool IsEmpty => Volatile.Read(in _head) is null;

    /// <summary>How many items wait, as an estimate.</summary>
    internal readonly int Count => Volatile.Read(in _head)?.Depth ?? 0;

    /// <summary>Adds an item. A full fence: what the caller reads next is read after the item can be seen.</summary>
    internal void Push(WorkItem item)
    {
        var head = Volatile.Read(ref _head);
        while (true)
        {
            item.Next = head;
            item.Depth = head is null ? 1 : head.Depth + 1;
            var seen = Interlocked.CompareExchange(ref _head, item, head);
            if (ReferenceEquals(seen, head))
                return;
            head = seen;
        }
    }

    /// <summary>Takes everything, oldest first, as a chain linked by <see cref="WorkItem.Next"/>.</summary>
    internal WorkItem? TakeAll()
    {
        var newest = Interlocked.Exchange(ref _head, null);
        WorkItem? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }
}
