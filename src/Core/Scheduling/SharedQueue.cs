using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge;

/// <summary>The queue of work that has not begun, shared by the hubs of a group; any thread may use it.</summary>
internal sealed class SharedQueue
{
    // Apart, because work that begun work may wait for passes by what the cap on carriers holds back.
    private WorkQueue _free;
    private WorkQueue _gated;
    private TinyLock _lock;
    private int _stamp;

    internal bool IsEmpty => Count == 0;

    internal int Count => _free.Count + _gated.Count;

    /// <summary>Whether there is something to take for one who may, or may not, begin what needs admission.</summary>
    internal bool HasFor(bool admits) => _free.Count > 0 || (admits && _gated.Count > 0);

    internal void Enqueue(WorkItem item)
    {
        _lock.Enter();
        // Nothing in here is in an inbox: the field is free to tell which of two is older.
        item.Depth = unchecked(_stamp++);
        if (item.NeedsAdmission)
            _gated.Enqueue(item);
        else
            _free.Enqueue(item);
        _lock.Exit();
        // The caller looks for a free hub next; a hub that goes free looks here after its release.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Takes the oldest item that may begin.</summary>
    internal bool TryDequeue(bool admits, [NotNullWhen(true)] out WorkItem? item)
    {
        if (!HasFor(admits))
        {
            item = null;
            return false;
        }

        _lock.Enter();
        var found = admits && IsGatedOlder() ? _gated.TryDequeue(out item) : _free.TryDequeue(out item);
        _lock.Exit();
        return found;
    }

    private bool IsGatedOlder() =>
        _gated.First is { } gated && (_free.First is not { } free || unchecked(gated.Depth - free.Depth) < 0);
}
