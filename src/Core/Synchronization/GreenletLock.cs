namespace GreenletBridge;

/// <summary>A lock that belongs to the greenlet that took it, whatever threads run it; the same greenlet can take it again.</summary>
/// <remarks>
/// <para>First come first served. On a plain thread it belongs to the thread. Awaited where there is no greenlet it belongs to the code
/// that awaits it, wherever that goes on, until the result is disposed; it is not reentrant there, so what that code starts beside itself
/// (<c>Task.Run</c>) is kept out. Where a greenlet has taken it, code after <c>ConfigureAwait(false)</c> runs on no greenlet: dispose the
/// result there, <see cref="Release()"/> takes the caller for another.</para>
/// <para>Greenlets that block for each other's locks in a ring, and without limit, get a <see cref="HubDeadlockException"/>. All flows of
/// one greenlet (<c>Task.WhenAll</c>) are one owner. Any thread may call any member; waits work across hubs.</para>
/// </remarks>
/// <example><code>
/// var ledger = new GreenletLock();
/// using (ledger.Acquire())                           // or: using (await ledger.AcquireAsync())
///     Transfer(from, to, amount);                    // may take the lock again
/// </code></example>
public sealed class GreenletLock : IReleasable
{
    private TinyLock _lock;
    private WaiterList _waiters;
    private object? _owner;
    private int _depth;

    /// <summary>Whether anybody holds it.</summary>
    public bool IsHeld => Owner is not null;

    /// <summary>Whether the calling greenlet, thread, or async code that is on no greenlet, holds it.</summary>
    public bool IsHeldByCaller => ReferenceEquals(Owner, Caller);

    /// <summary>Who holds it: a greenlet, a thread, or the part of async code that awaited it on neither.</summary>
    internal object? Owner => Volatile.Read(ref _owner);

    /// <summary>Who it is that calls, and may be the holder.</summary>
    internal object Caller => Greenlet.Current ?? (Owner is FlowScope flow && FlowScope.Current?.IsIn(flow) == true ? flow : (object)Thread.CurrentThread);

    /// <summary>Who takes it by a call that blocks.</summary>
    private static object BlockingTaker => Greenlet.Current ?? (object)Thread.CurrentThread;

    // Entered by the caller's own code, not in an async method, whose changes the caller does not see. A part of its own for each time: flows that
    // fork off it would else take the lock beside it.
    private static object AsyncTaker => Greenlet.Current ?? (object)FlowScope.Enter(stack: null);

    /// <summary>Takes the lock, waiting for it if need be, until the result is disposed. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Gives the lock back when it is disposed; who calls <see cref="Release()"/> himself leaves it alone.</returns>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    /// <exception cref="HubDeadlockException">Its holder waits for the caller, and neither has a limit.</exception>
    public GreenletHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var owner = BlockingTaker;
        return AcquireWithin(owner, timeout, cancellationToken) ? new GreenletHold(this, owner) : throw TooLate(timeout);
    }

    /// <summary>As <see cref="Acquire"/>, awaited.</summary>
    /// <inheritdoc cref="Acquire" path="/param|/returns|/exception"/>
    public ValueTask<GreenletHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        HoldAsync(static (hold, limit) => hold ?? throw TooLate(limit), timeout, cancellationToken);

    /// <summary>Takes the lock, if it is free or comes free in time. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; zero (the default): only a look; <see cref="Timeout.InfiniteTimeSpan"/>: without limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was taken; give it back by <see cref="Release()"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    /// <exception cref="HubDeadlockException">Its holder waits for the caller, and neither has a limit.</exception>
    public bool TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) => AcquireWithin(BlockingTaker, timeout, cancellationToken);

    /// <summary>As <see cref="TryAcquire"/>, awaited.</summary>
    /// <returns>Gives the lock back when it is disposed; null when it was not taken.</returns>
    /// <inheritdoc cref="TryAcquire" path="/param|/exception"/>
    public ValueTask<GreenletHold?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        HoldAsync(static (hold, _) => hold, timeout, cancellationToken);

    /// <summary>Gives the lock back, once for each time it was taken; the last one gives it to the longest waiting one. Never waits.</summary>
    /// <exception cref="SynchronizationLockException">The caller does not hold it.</exception>
    public void Release() => Release(Caller);

    void IReleasable.Release(object? owner) => Release(owner);

    /// <summary>Whether a greenlet holds it, which then is the one to wait for.</summary>
    internal Greenlet? HoldingGreenlet => Owner as Greenlet;

    /// <summary>Gives it back entirely; for who takes it again later.</summary>
    /// <returns>How many times it was taken.</returns>
    internal int ReleaseAll(object owner)
    {
        _lock.Enter();
        var depth = ReferenceEquals(_owner, owner) ? _depth : 0;
        var woken = depth > 0 ? GiveAway() : null;
        _lock.Exit();
        if (depth == 0)
            throw NotHeld(owner);
        woken?.Wake();
        return depth;
    }

    /// <summary>Takes it as often as it was taken before; for ever if need be, and deaf to kills.</summary>
    internal void Retake(object owner, int depth)
    {
        var interrupted = false;
        while (!TryTake(owner, depth))
        {
            try
            {
                Waits.Block(new LockWait(this, owner, isEndless: false, depth), null);
                break;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }

        if (interrupted)
            Thread.CurrentThread.Interrupt();
    }

    /// <inheritdoc cref="Retake"/>
    internal async ValueTask RetakeAsync(object owner, int depth)
    {
        if (!TryTake(owner, depth))
            await Waits.Async(new LockWait(this, owner, isEndless: false, depth), null).ConfigureAwait(true);
    }

    /// <exception cref="SynchronizationLockException"><paramref name="owner"/> does not hold it.</exception>
    internal void ThrowUnlessHeldBy(object owner)
    {
        if (!ReferenceEquals(Owner, owner))
            throw NotHeld(owner);
    }

    /// <summary>Gives it to a waiter at once, or adds it to those who wait.</summary>
    internal void Add(Waiter waiter, LockWait wait)
    {
        _lock.Enter();
        var isFree = _owner is null;
        // A waiter that was killed meanwhile takes nothing.
        var granted = isFree && waiter.TryDecide(WaitOutcome.Completed);
        if (granted)
            GiveTo(wait);
        else if (!isFree)
            _waiters.Add(waiter);
        _lock.Exit();
        if (granted)
            waiter.Wake();
    }

    internal void Remove(Waiter waiter)
    {
        _lock.Enter();
        _waiters.Remove(waiter);
        _lock.Exit();
    }

    private static TimeoutException TooLate(TimeSpan? timeout) => new($"The lock did not come free within {timeout}.");

    private SynchronizationLockException NotHeld(object owner) => new(
        $"The lock is held by {LockWait.NameOf(Owner)}, not by {LockWait.NameOf(owner)}, which wants to release it or to use its condition. Who acquires a lock releases it: using (gate.Acquire()) {{ … }}");

    private void Release(object? owner)
    {
        Waiter? woken = null;
        _lock.Enter();
        var isHolder = ReferenceEquals(_owner, owner);
        if (isHolder && --_depth == 0)
            woken = GiveAway();
        _lock.Exit();
        if (!isHolder)
            throw NotHeld(owner!);
        (owner as FlowScope)?.Leave();
        woken?.Wake();
    }

    private bool TryTake(object owner, int depth = 1)
    {
        _lock.Enter();
        var taken = _owner is null || ReferenceEquals(_owner, owner);
        if (taken)
        {
            _owner = owner;
            _depth += depth;
        }

        _lock.Exit();
        return taken;
    }

    // Under the lock. The next one owns it before it runs: nobody can come between.
    private Waiter? GiveAway()
    {
        _owner = null;
        _depth = 0;
        var next = _waiters.Take();
        if (next is not null)
            GiveTo((LockWait)next.Source!);
        return next;
    }

    private void GiveTo(LockWait wait)
    {
        _owner = wait.Owner;
        _depth = wait.Depth;
    }

    private bool AcquireWithin(object owner, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        if (TryTake(owner))
            return true;
        if (isLook)
            return false;
        var wait = new LockWait(this, owner, WaitLimit.IsNone(timeout, cancellationToken));
        var outcome = Waits.Block(wait, timeout, cancellationToken);
        wait.ThrowIfCycle();
        return WaitLimit.Came(outcome, cancellationToken);
    }

    // No async method: what it does to the flow is for who calls.
    private ValueTask<T> HoldAsync<T>(Func<GreenletHold?, TimeSpan?, T> resultOf, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsZero(timeout);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        var owner = AsyncTaker;
        if (TryTake(owner))
            return new ValueTask<T>(resultOf(new GreenletHold(this, owner), timeout));
        if (!isLook)
            return new LockWaiter<T>(new LockWait(this, owner, isEndless: false), resultOf, timeout, cancellationToken).Start();
        (owner as FlowScope)?.Leave();
        try
        {
            return new ValueTask<T>(resultOf(null, timeout));
        }
        catch (TimeoutException e)
        {
            return ValueTask.FromException<T>(e);
        }
    }
}
