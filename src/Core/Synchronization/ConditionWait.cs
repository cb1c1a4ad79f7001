namespace GreenletBridge;

/// <summary>One wait for a notification: gives the lock back once it can be notified, and takes it again at the end.</summary>
internal sealed class ConditionWait(GreenletCondition condition, object owner) : IWaitSource
{
    private int _depth;

    public bool TryAdd(Waiter waiter)
    {
        condition.Add(waiter);
        // A wait that is begun twice, because a kill was deferred, has given it back already.
        if (_depth == 0)
            _depth = condition.Lock.ReleaseAll(owner);
        return true;
    }

    public void Remove(Waiter waiter) => condition.Remove(waiter);

    public string Describe() => "a notification";

    /// <summary>Takes the lock again. Not to be broken off: who called waits inside of the lock.</summary>
    internal void End()
    {
        if (_depth == 0)
            return;
        var greenlet = owner as Greenlet;
        greenlet?.AddShield();
        condition.Lock.Retake(owner, _depth);
        greenlet?.RemoveShield();
    }

    /// <inheritdoc cref="End"/>
    internal async ValueTask EndAsync()
    {
        if (_depth == 0)
            return;
        var greenlet = owner as Greenlet;
        greenlet?.AddShield();
        await condition.Lock.RetakeAsync(owner, _depth).ConfigureAwait(true);
        greenlet?.RemoveShield();
    }
}
