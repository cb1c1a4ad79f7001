using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge;

/// <summary>The queue of work that has not begun, shared by the hubs of a group; any thread may use it.</summary>
internal sealed class SharedQueue
{
    private WorkQueue _queue;
    private TinyLock _lock;

    internal bool IsEmpty => _queue.Count == 0;

    internal int Count => _queue.Count;

    internal void Enqueue(WorkItem item)
    {
        _lock.Enter();
        _queue.Enqueue(item);
        _lock.Exit();
        // The caller looks for a free hub next; a hub that goes free looks here after its release.
        Interlocked.MemoryBarrier();
    }

    internal bool TryDequeue([NotNullWhen(true)] out WorkItem? item)
    {
        if (IsEmpty)
        {
            item = null;
            return false;
        }

        _lock.Enter();
        var found = _queue.TryDequeue(out item);
        _lock.Exit();
        return found;
    }
}
