namespace GreenletBridge;

/// <summary>One due time of a hub.</summary>
/// <remarks>Posted to the dispatcher as an item; the baton's holder moves it into the heap. Cancelling only marks it.</remarks>
internal abstract class TimerEntry(long due) : WorkItem(WorkKind.Timer)
{
    private const int Pending = 0;
    private const int Fired = 1;
    private const int Canceled = 2;
    private int _state;
    private TimerQueue? _queue;

    internal long Due { get; } = due;

    /// <summary>Ties among equal due times are broken by order of arrival.</summary>
    internal long Sequence { get; set; }

    internal bool IsCanceled => Volatile.Read(ref _state) == Canceled;

    /// <summary>Set when the heap takes the entry in.</summary>
    internal void AddedTo(TimerQueue queue) => Volatile.Write(ref _queue, queue);

    /// <summary>Any thread. False when it has fired already.</summary>
    internal bool TryCancel()
    {
        if (Interlocked.CompareExchange(ref _state, Canceled, Pending) != Pending)
            return false;
        Volatile.Read(ref _queue)?.NoteCanceled();
        return true;
    }

    /// <summary>The baton's holder, when the time has come.</summary>
    internal bool TryFire()
    {
        if (Interlocked.CompareExchange(ref _state, Fired, Pending) != Pending)
            return false;
        Fire();
        return true;
    }

    /// <summary>The baton's holder: the hub has stopped, and its time does not come any more.</summary>
    internal virtual void OnForgotten()
    {
        // Who has begun a wait and gone is not there to be woken
    }

    /// <summary>Engine code: must neither block nor throw nor run user code.</summary>
    protected abstract void Fire();

    internal sealed override void Run(Runner runner) => TryFire();
}
