namespace GreenletBridge;

/// <summary>A number of places: who finds none free waits for one, first come first served.</summary>
/// <remarks>
/// A released place goes to the longest waiting one; nobody can overtake. A waiter that is killed, cancelled or timed out takes none.
/// Any thread may call any member; waits work across hubs.
/// </remarks>
/// <example><code>
/// var uploads = new GreenletSemaphore(4);
/// hub.Spawn(() =>
/// {
///     using (uploads.Acquire())                      // or: using (await uploads.AcquireAsync())
///         Upload(file);
/// });
/// </code></example>
public sealed partial class GreenletSemaphore : IReleasable, IGreenletWaitable, IWaitSource
{
    private readonly int _maximum;
    private TinyLock _lock;
    private WaiterList _waiters;
    private int _count;

    /// <summary>Creates a semaphore to which more places can be released than it began with.</summary>
    /// <param name="initialCount">Places that are free at the start; at least 0, 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialCount"/> is negative.</exception>
    public GreenletSemaphore(int initialCount = 1)
        : this(initialCount, int.MaxValue)
    {
    }

    /// <summary>Creates a bounded semaphore: to release more places than were taken is an error.</summary>
    /// <param name="initialCount">Places that are free at the start; at least 0.</param>
    /// <param name="maximumCount">Places that can be free at once; at least 1 and <paramref name="initialCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public GreenletSemaphore(int initialCount, int maximumCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount, Math.Max(1, initialCount));
        _count = initialCount;
        _maximum = maximumCount;
    }

    /// <summary>Places that are free now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place, waiting for one if need be, until the result is disposed. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Gives the place back when it is disposed; who calls <see cref="Release(int)"/> himself leaves it alone.</returns>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public GreenletHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        AcquireWithin(timeout, cancellationToken) ? new GreenletHold(this) : throw TooLate(timeout);

    /// <summary>As <see cref="Acquire"/>, awaited.</summary>
    /// <inheritdoc cref="Acquire" path="/param|/returns|/exception"/>
    public ValueTask<GreenletHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var isLook = WaitLimit.IsZero(timeout);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<GreenletHold>(cancellationToken);
        if (TryTake())
            return new ValueTask<GreenletHold>(new GreenletHold(this));
        return isLook ? ValueTask.FromException<GreenletHold>(TooLate(timeout)) : new PlaceWaiter(this, timeout, cancellationToken).Start();
    }

    /// <summary>Takes a place, if one is free or comes free in time. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; zero (the default): only a look; <see cref="Timeout.InfiniteTimeSpan"/>: without limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether a place was taken; give it back by <see cref="Release(int)"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public bool TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) => AcquireWithin(timeout, cancellationToken);

    /// <summary>As <see cref="TryAcquire"/>, awaited.</summary>
    /// <inheritdoc cref="TryAcquire" path="/param|/returns|/exception"/>
    public ValueTask<bool> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        AcquireWithinAsync(timeout, cancellationToken);

    /// <summary>Gives places back, or adds some. Never waits.</summary>
    /// <param name="count">How many; at least 1, which is the default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="SemaphoreFullException">More would be free than the semaphore has; nothing was released.</exception>
    public void Release(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var woken = default(WaiterChain);
        _lock.Enter();
        var isFull = _count > _maximum - count;
        if (!isFull)
        {
            for (; count > 0 && _waiters.Take() is { } waiter; count--)
                woken.Add(waiter);
            _count += count;
            if (_count > 0)
                TakeWatchers(ref woken);
        }

        _lock.Exit();
        if (isFull)
            throw new SemaphoreFullException($"The semaphore has {_maximum} places and {Count} are free: {count} more cannot be released. Release what was acquired, once.");
        woken.Wake();
    }

    void IReleasable.Release(object? owner) => Release();

    bool IWaitSource.TryAdd(Waiter waiter)
    {
        _lock.Enter();
        var free = _count > 0;
        // A waiter that was killed meanwhile takes nothing.
        var granted = free && waiter.TryDecide(WaitOutcome.Completed);
        if (granted)
            _count--;
        else if (!free)
            _waiters.Add(waiter);
        _lock.Exit();
        if (granted)
            waiter.Wake();
        return true;
    }

    void IWaitSource.Remove(Waiter waiter)
    {
        _lock.Enter();
        _waiters.Remove(waiter);
        _lock.Exit();
    }

    string IWaitSource.Describe() => _maximum == int.MaxValue ? "a place of a semaphore" : $"a place of a semaphore of {_maximum}";

    private static TimeoutException TooLate(TimeSpan? timeout) => new($"No place of the semaphore came free within {timeout}.");

    private bool TryTake()
    {
        _lock.Enter();
        var free = _count > 0;
        if (free)
            _count--;
        _lock.Exit();
        return free;
    }

    private bool AcquireWithin(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        return TryTake() || (!isLook && WaitLimit.Block(this, timeout, cancellationToken));
    }

    private ValueTask<bool> AcquireWithinAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _ = WaitLimit.IsZero(timeout);
        var isTaken = !cancellationToken.IsCancellationRequested && TryTake();
        return WaitLimit.Async(this, isTaken, timeout, cancellationToken);
    }

    private sealed class PlaceWaiter(GreenletSemaphore semaphore, TimeSpan? timeout, CancellationToken cancellationToken)
        : AwaitedWaiter<GreenletHold>(semaphore, timeout, cancellationToken)
    {
        protected override GreenletHold ResultOf(WaitOutcome outcome) => WaitLimit.Came(outcome, Token) ? new GreenletHold(semaphore) : throw TooLate(Timeout);
    }
}
