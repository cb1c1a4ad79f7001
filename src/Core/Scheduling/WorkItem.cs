using System.ComponentModel;

namespace GreenletBridge;

/// <summary>What a hub queues. A base of the engine's own; it has no members for users and cannot be derived from.</summary>
/// <remarks>
/// Items are linked through themselves, so queueing allocates nothing. An item is in at most one queue at a time;
/// whoever enqueues it must know that it is in none (a state moved by compare-and-swap, or a fresh object).
/// A greenlet is an item itself: with a second object a spawn would cost half as much again in memory that two cores pass around.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class WorkItem
{
    /// <summary>The next item of the queue this one is in.</summary>
    internal WorkItem? Next;

    /// <summary>Items below and including this one in the inbox it was pushed to: a length without a counter.</summary>
    internal int Depth;

    /// <summary>The queue it goes to.</summary>
    internal readonly WorkKind Kind;

    /// <summary>Whether it begins work that the cap on carriers may hold back.</summary>
    internal bool NeedsAdmission;

    private protected WorkItem(WorkKind kind = WorkKind.Ready) => Kind = kind;

    /// <summary>The thread that must get the baton with this item; null when any thread of the loop will do.</summary>
    internal virtual Runner? Target => null;

    /// <summary>Whether a thread of .NET's scheduler may run it: it never blocked so far.</summary>
    internal virtual bool RunsOnScheduler => false;

    /// <summary>Whether it begins something, rather than going on with what has begun.</summary>
    internal virtual bool Begins => false;

    /// <summary>Whether it is known to block where nobody sees it: it is better begun beside the baton's holder. Asked once.</summary>
    internal virtual bool StartsDetached() => false;

    /// <summary>Called once by the baton's holder when the item is taken off its queue; false drops it.</summary>
    internal virtual bool TryClaim() => true;

    /// <summary>The hub ends what has not begun: whether the item is ended by this and need not run.</summary>
    internal virtual bool TryDrop() => false;

    /// <summary>The baton's holder, who has run it and had the baton all the time: nothing of it runs anywhere.</summary>
    internal virtual void LetGo()
    {
        // Most have nothing to let go of
    }

    /// <summary>Runs the item on the thread that holds the baton. Must not throw.</summary>
    internal abstract void Run(Runner runner);
}
