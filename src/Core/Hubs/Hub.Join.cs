namespace GreenletBridge;

/// <content>Waiting until nothing is left to do.</content>
public sealed partial class Hub
{
    private readonly QuietSource _joins;

    /// <summary>Waits until nothing is left to do: no greenlet runs, waits, is queued or has a time for its start. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was nothing left. Greenlets of this hub that wait in the same way, and the caller, do not count. True also when the hub was stopped.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="HubDeadlockException">The hub has work and was never started.</exception>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        HubCallback.ThrowIfInside();
        _ = WaitLimit.IsLook(timeout, cancellationToken);
        if (HasNothingToJoin())
            return true;
        var own = OwnCaller;
        _joins.Enter(own);
        try
        {
            return WaitLimit.Block(_joins, timeout, cancellationToken);
        }
        finally
        {
            _joins.Leave(own);
        }
    }

    /// <summary>As <see cref="Join"/>, awaited.</summary>
    /// <inheritdoc cref="Join"/>
    public async Task<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        _ = WaitLimit.IsLook(timeout, cancellationToken);
        if (HasNothingToJoin())
            return true;
        var own = OwnCaller;
        _joins.Enter(own);
        try
        {
            return await WaitLimit.Async(_joins, hasCome: false, timeout, cancellationToken).ConfigureAwait(true);
        }
        finally
        {
            _joins.Leave(own);
        }
    }

    /// <summary>Something that is no begun greenlet is gone.</summary>
    internal void LookIfJoined()
    {
        if (_joins.IsWaitedFor)
            LookIfQuiet();
    }

    private bool HasNothingToJoin()
    {
        if (Volatile.Read(ref _state) == Stopped)
            return true;
        if (Volatile.Read(ref _state) != New)
            return IsQuietNow();
        if (Dispatcher.Queued == 0 && Delayed.IsEmpty)
            return true;
        throw new HubDeadlockException($"{this} has work and was never started: nothing can end the wait for it. Call Start() first.");
    }

    // The greenlet of this hub that asks.
    private Greenlet? OwnCaller => Current == this ? Greenlet.Current : null;

    /// <summary>A look from beside the hub. What leaves the queue is begun with the baton held, and what is made is queued before its maker ends: so each is looked at around the other.</summary>
    private bool IsQuietNow()
    {
        var own = OwnCaller;
        return IsEmptyFor(own) && IsEmptyFor(own) && (own is not null || !Dispatcher.IsBusy) && HasOnlyJoiners(own);
    }

    private bool IsEmptyFor(Greenlet? own) => HasOnlyJoiners(own) && Dispatcher.Queued == 0 && Delayed.IsEmpty;

    private bool HasOnlyJoiners(Greenlet? own) => Volatile.Read(ref _active) <= _joins.Own(own);

    private void LookIfQuiet() => Dispatcher.NotifyIdle(() =>
    {
        var active = Volatile.Read(ref _active);
        // After that: who runs beside the hub posts what it makes before it ends.
        if (Dispatcher.HasPosted)
        {
            LookIfQuiet();
            return;
        }

        if (active == 0)
            Volatile.Read(ref _quiet)?.TrySetResult();
        // Those who wait for the others' ends are no reason to wait.
        if (active <= _joins.Own() && Delayed.IsEmpty)
            _joins.EndAll();
    });
}
