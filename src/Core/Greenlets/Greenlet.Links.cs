namespace GreenletBridge;

/// <content>Whom to tell of the end.</content>
public partial class Greenlet
{
    // What takes the place of the continuations when they have run.
    private static readonly object _ended = new();

    // Null, one continuation, a ContinuationList, or _ended.
    private object? _continuations;
    private volatile bool _observed;

    internal bool IsObserved => _observed;

    /// <summary>Calls <paramref name="callback"/> when it has ended, in a greenlet of its own, so that it may wait.</summary>
    /// <remarks>Callbacks begin in order of registration; an error in one does not stop the next. Added after the end it is called later, never inline.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is null.</exception>
    public void Link(Action<Greenlet> callback) => AddLink(callback, LinkWhen.Always);

    /// <summary>As <see cref="Link"/>, only when it completed or was killed.</summary>
    public void LinkValue(Action<Greenlet> callback) => AddLink(callback, LinkWhen.NotFaulted);

    /// <summary>As <see cref="Link"/>, only when it failed.</summary>
    public void LinkException(Action<Greenlet> callback) => AddLink(callback, LinkWhen.Faulted);

    /// <summary>Removes a link that has not been called. False when there is none.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is null.</exception>
    public bool Unlink(Action<Greenlet> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        bool IsIt(object c) => c is GreenletLink link && link.Callback == callback;
        var found = Volatile.Read(ref _continuations) switch
        {
            ContinuationList list => list.Find(IsIt),
            { } one when IsIt(one) => one,
            _ => null,
        };
        return found is not null && RemoveContinuation(found);
    }

    /// <summary>Adds a <see cref="Waiter"/> or an <see cref="IGreenletContinuation"/>. False when it has ended already.</summary>
    internal bool TryAddContinuation(object continuation)
    {
        _observed = true;
        return TryAddObserver(continuation);
    }

    /// <summary>As <see cref="TryAddContinuation"/>, for who keeps an account of greenlets and takes no interest in how they end: a failure is still reported.</summary>
    internal bool TryAddObserver(object continuation)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _continuations);
            if (ReferenceEquals(seen, _ended))
                return false;
            if (seen is ContinuationList list)
                return list.TryAdd(continuation);
            var added = seen is null ? continuation : new ContinuationList(seen, continuation);
            if (ReferenceEquals(Interlocked.CompareExchange(ref _continuations, added, seen), seen))
                return true;
        }
    }

    internal bool RemoveContinuation(object continuation)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _continuations);
            if (seen is ContinuationList list)
                return list.Remove(continuation);
            if (!ReferenceEquals(seen, continuation))
                return false;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _continuations, null, continuation), continuation))
                return true;
        }
    }

    private void RunContinuations()
    {
        var continuations = Interlocked.Exchange(ref _continuations, _ended);
        if (continuations is ContinuationList list)
        {
            foreach (var continuation in list.Close())
                Tell(continuation);
        }
        else if (continuations is not null)
        {
            Tell(continuations);
        }
    }

    /// <summary>Runs a link's callback in a greenlet of its own.</summary>
    internal void SpawnLink(Action callback)
    {
        var link = new Greenlet(_target, BlockingBody.Instance, callback) { IsChild = true, RunsAtStop = true, Name = "link" };
        link.StartEvenIfClosed();
    }

    private void Tell(object continuation)
    {
        if (continuation is Waiter waiter)
            waiter.TryEnd(WaitOutcome.Completed);
        else
            ((IGreenletContinuation)continuation).OnEnded(this);
    }

    private void AddLink(Action<Greenlet> callback, LinkWhen when)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var link = new GreenletLink(callback, when);
        if (!TryAddContinuation(link))
            link.OnEnded(this);
    }
}
