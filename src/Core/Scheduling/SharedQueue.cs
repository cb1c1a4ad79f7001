using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge;

/// <summary>The queue of work that has not begun, shared by the hubs of a group; any thread may use it.</summary>
internal sealed class SharedQueue
{
    // Apart, because work that begun work may wait for passes by what the cap on carriers holds back.
    private WorkQueue _free;
    private WorkQueue _gated;
    private TinyLock _lock;
    private Dispatcher[] _members = [];
    private int _stamp;
    private int _left;

    internal bool IsEmpty => Count == 0;

    internal int Count => _free.Count + _gated.Count;

    /// <summary>Whether no member goes on: what is left is for each of them to end.</summary>
    internal bool IsLeftByAll => Volatile.Read(ref _left) == _members.Length;

    /// <summary>Once, before anything is enqueued: those who take from it.</summary>
    internal void Join(Dispatcher[] members) => _members = members;

    /// <summary>Sees to it that a member looks here, if one is free; a busy one does when it goes free.</summary>
    internal void Kick()
    {
        foreach (var member in _members)
        {
            // One that takes nothing would swallow the news.
            if (!member.IsOut && (!member.IsLeaving || IsLeftByAll) && member.TryKick())
                return;
        }
    }

    /// <summary>A member leaves; what it was told of last is news for the others.</summary>
    internal void NoteLeft()
    {
        Interlocked.Increment(ref _left);
        if (!IsEmpty)
            Kick();
    }

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
        // A member that goes free looks here after its release.
        Interlocked.MemoryBarrier();
        Kick();
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
