namespace GreenletBridge;

/// <summary>Greenlets that hold a lock wait here until another, holding it too, says that something has changed.</summary>
/// <remarks>
/// A wait gives the lock back, entirely, and takes it again before it returns or throws, whatever ended it. Those who wait are
/// notified first come first served; who was killed, cancelled or timed out takes nobody's notification. Waits work across hubs.
/// Where there is no greenlet, the awaited form goes with <see cref="GreenletLock.AcquireAsync"/>, awaited by the same method or by one that calls it.
/// </remarks>
/// <example><code>
/// var changed = new GreenletCondition(gate);
/// using (gate.Acquire())
///     changed.WaitFor(() => stock > 0);
///
/// using (gate.Acquire())                             // elsewhere
/// {
///     stock++;
///     changed.Notify();
/// }
/// </code></example>
public sealed class GreenletCondition
{
    private TinyLock _tiny;
    private WaiterList _waiters;

    /// <summary>Creates a condition.</summary>
    /// <param name="guard">The lock that who waits and who notifies must hold; null (the default): one of its own. Several conditions may share one.</param>
    public GreenletCondition(GreenletLock? guard = null) => Lock = guard ?? new GreenletLock();

    /// <summary>The lock it belongs to.</summary>
    public GreenletLock Lock { get; }

    /// <summary>Gives the lock back, waits for a notification and takes the lock again. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait for the notification; null (the default): without limit; zero: only lets others have the lock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was notified; false when the time was up first.</returns>
    /// <exception cref="SynchronizationLockException">The caller does not hold the lock.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var wait = Begin(timeout, cancellationToken);
        try
        {
            return WaitLimit.Block(wait, timeout, cancellationToken);
        }
        finally
        {
            wait.End();
        }
    }

    /// <summary>As <see cref="Wait"/>, awaited.</summary>
    /// <inheritdoc cref="Wait" path="/param|/returns|/exception"/>
    public async ValueTask<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var wait = Begin(timeout, cancellationToken);
        try
        {
            return WaitLimit.Came(await Waits.Async(wait, timeout, cancellationToken).ConfigureAwait(true), cancellationToken);
        }
        finally
        {
            await wait.EndAsync().ConfigureAwait(true);
        }
    }

    /// <summary>Waits until something holds, and looks each time it is notified.</summary>
    /// <param name="condition">Asked while the lock is held, at the start and after each notification; may wait. What it throws is thrown.</param>
    /// <param name="timeout">How long to wait in all; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it holds; false when the time was up first.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="condition"/> is null.</exception>
    /// <inheritdoc cref="Wait" path="/exception"/>
    public bool WaitFor(Func<bool> condition, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        Lock.ThrowUnlessHeldBy(Lock.Caller);
        var time = WaitTime.Start(timeout);
        while (!condition())
        {
            if (isLook || !Wait(time.Left, cancellationToken))
                return !isLook && condition();
        }

        return true;
    }

    /// <summary>As <see cref="WaitFor"/>, awaited.</summary>
    /// <inheritdoc cref="WaitFor" path="/param|/returns|/exception"/>
    public async ValueTask<bool> WaitForAsync(Func<bool> condition, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        Lock.ThrowUnlessHeldBy(Lock.Caller);
        var time = WaitTime.Start(timeout);
        while (!condition())
        {
            if (isLook || !await WaitAsync(time.Left, cancellationToken).ConfigureAwait(true))
                return !isLook && condition();
        }

        return true;
    }

    /// <summary>Wakes the longest waiting ones; they go on when they have the lock. Never waits.</summary>
    /// <param name="count">How many at most; at least 1, which is the default.</param>
    /// <exception cref="SynchronizationLockException">The caller does not hold the lock.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public void Notify(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Lock.ThrowUnlessHeldBy(Lock.Caller);
        var woken = default(WaiterChain);
        _tiny.Enter();
        for (; count > 0 && _waiters.Take() is { } waiter; count--)
            woken.Add(waiter);
        _tiny.Exit();
        woken.Wake();
    }

    /// <summary>Wakes all who wait.</summary>
    /// <exception cref="SynchronizationLockException">The caller does not hold the lock.</exception>
    public void NotifyAll() => Notify(int.MaxValue);

    internal void Add(Waiter waiter)
    {
        _tiny.Enter();
        _waiters.Add(waiter);
        _tiny.Exit();
    }

    internal void Remove(Waiter waiter)
    {
        _tiny.Enter();
        _waiters.Remove(waiter);
        _tiny.Exit();
    }

    private ConditionWait Begin(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _ = WaitLimit.IsLook(timeout, cancellationToken);
        var owner = Lock.Caller;
        Lock.ThrowUnlessHeldBy(owner);
        return new ConditionWait(this, owner);
    }
}
