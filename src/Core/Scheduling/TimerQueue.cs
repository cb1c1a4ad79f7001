namespace GreenletBridge;

/// <summary>The due times of a hub: a 4-ary heap, touched by the baton's holder only.</summary>
internal sealed class TimerQueue
{
    private const int Arity = 4;
    private const int CompactFrom = 64;
    private TimerEntry[] _heap = [];
    private int _count;
    private long _sequence;
    private int _canceled;

    internal int Count => Volatile.Read(ref _count);

    /// <summary>The earliest due time, <see cref="HubClock.Never"/> when there is none.</summary>
    internal long NextDue
    {
        get
        {
            DropCanceledHead();
            return _count == 0 ? HubClock.Never : _heap[0].Due;
        }
    }

    /// <summary>Any thread: an entry of this heap was cancelled.</summary>
    internal void NoteCanceled() => Interlocked.Increment(ref _canceled);

    internal void Add(TimerEntry entry)
    {
        // Published before the look at IsCanceled: a cancel that comes later finds the queue and is counted.
        entry.AddedTo(this);
        Interlocked.MemoryBarrier();
        if (entry.IsCanceled)
            return;
        // Timeouts that are set and cancelled at once must not pile up until they would have been due.
        if (_count >= CompactFrom && Volatile.Read(ref _canceled) > _count / 2)
            Compact();
        entry.Sequence = _sequence++;
        if (_count == _heap.Length)
            Array.Resize(ref _heap, Math.Max(16, _heap.Length * 2));
        _count++;
        SiftUp(_count - 1, entry);
    }

    /// <summary>Takes off and fires everything that is due at <paramref name="now"/>.</summary>
    internal void FireDue(long now)
    {
        while (_count > 0 && _heap[0].Due <= now)
        {
            var entry = RemoveHead();
            if (!entry.TryFire())
                Interlocked.Decrement(ref _canceled);
        }
    }

    /// <summary>Forgets all, fired or not.</summary>
    internal void Clear()
    {
        Volatile.Write(ref _canceled, 0);
        var forgotten = _heap.AsSpan(0, _count).ToArray();
        Array.Clear(_heap, 0, _count);
        _count = 0;
        foreach (var entry in forgotten)
            entry.OnForgotten();
    }

    private void DropCanceledHead()
    {
        while (_count > 0 && _heap[0].IsCanceled)
        {
            RemoveHead();
            Interlocked.Decrement(ref _canceled);
        }
    }

    private TimerEntry RemoveHead()
    {
        var head = _heap[0];
        _count--;
        var last = _heap[_count];
        _heap[_count] = null!;
        if (_count > 0)
            SiftDown(0, last);
        return head;
    }

    private void Compact()
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (!_heap[i].IsCanceled)
                _heap[kept++] = _heap[i];
        }

        // An estimate that decides when to compact, so a cancel that slips in between costs nothing but a late compaction.
        Volatile.Write(ref _canceled, 0);

        Array.Clear(_heap, kept, _count - kept);
        _count = kept;
        for (var i = (_count - 2) / Arity; i >= 0 && _count > 1; i--)
            SiftDown(i, _heap[i]);
    }

    private void SiftUp(int index, TimerEntry entry)
    {
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (!Before(entry, _heap[parent]))
                break;
            _heap[index] = _heap[parent];
            index = parent;
        }

        _heap[index] = entry;
    }

    private void SiftDown(int index, TimerEntry entry)
    {
        while (true)
        {
            var first = (index * Arity) + 1;
            if (first >= _count)
                break;
            var least = first;
            var end = Math.Min(first + Arity, _count);
            for (var child = first + 1; child < end; child++)
            {
                if (Before(_heap[child], _heap[least]))
                    least = child;
            }

            if (!Before(_heap[least], entry))
                break;
            _heap[index] = _heap[least];
            index = least;
        }

        _heap[index] = entry;
    }

    private static bool Before(TimerEntry a, TimerEntry b) =>
        a.Due < b.Due || (a.Due == b.Due && a.Sequence < b.Sequence);
}
