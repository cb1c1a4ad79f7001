namespace GreenletBridge;

/// <content>Whom to tell of the end.</content>
public partial class Greenlet
{
    // Null, one continuation, or a list of them.
    private object? _continuations;
    private bool _continuationsRun;
    private volatile bool _observed;
    private TinyLock _continuationsLock;

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
        _continuationsLock.Enter();
        object? found = _continuations switch
        {
            GreenletLink link when link.Callback == callback => link,
            List<object> list => list.Find(c => c is GreenletLink link && link.Callback == callback),
            _ => null,
        };
        _continuationsLock.Exit();
        return found is not null && RemoveContinuation(found);
    }

    /// <summary>Adds a <see cref="Waiter"/> or an <see cref="IGreenletContinuation"/>. False when it has ended already.</summary>
    internal bool TryAddContinuation(object continuation)
    {
        _observed = true;
        _continuationsLock.Enter();
        var added = !_continuationsRun;
        if (added)
        {
            switch (_continuations)
            {
                case null:
                    _continuations = continuation;
                    break;
                case List<object> list:
                    list.Add(continuation);
                    break;
                case var first:
                    _continuations = new List<object> { first, continuation };
                    break;
            }
        }

        _continuationsLock.Exit();
        return added;
    }

    internal bool RemoveContinuation(object continuation)
    {
        _continuationsLock.Enter();
        var removed = true;
        if (ReferenceEquals(_continuations, continuation))
            _continuations = null;
        else
            removed = _continuations is List<object> list && list.Remove(continuation);
        _continuationsLock.Exit();
        return removed;
    }

    private void RunContinuations()
    {
        _continuationsLock.Enter();
        var continuations = _continuations;
        _continuations = null;
        _continuationsRun = true;
        _continuationsLock.Exit();
        if (continuations is List<object> list)
        {
            foreach (var continuation in list)
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
        var target = (IGreenletTarget?)_hub ?? _target;
        var link = new Greenlet(target, new BlockingBody(callback)) { IsChild = true, Name = "link" };
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
