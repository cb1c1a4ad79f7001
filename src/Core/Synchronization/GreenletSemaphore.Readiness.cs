namespace GreenletBridge;

/// <content>Waiting for a free place without taking it.</content>
public sealed partial class GreenletSemaphore
{
    private WaiterList _watchers;
    private FreePlace? _freePlace;

    bool IGreenletWaitable.IsReady => Count > 0;

    IWaitSource IGreenletWaitable.WhenReady => _freePlace ??= new FreePlace(this);

    /// <summary>Waits until a place is free, and leaves it free: another may be quicker to take it. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether one was free; false when the time was up first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        return Count > 0 || (!isLook && WaitLimit.Block(((IGreenletWaitable)this).WhenReady, timeout, cancellationToken));
    }

    /// <summary>As <see cref="Wait"/>, awaited.</summary>
    /// <inheritdoc cref="Wait" path="/param|/returns|/exception"/>
    public ValueTask<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitLimit.Async(((IGreenletWaitable)this).WhenReady, Count > 0, timeout, cancellationToken);

    private void TakeWatchers(ref WaiterChain woken)
    {
        while (_watchers.Take() is { } watcher)
            woken.Add(watcher);
    }

    private sealed class FreePlace(GreenletSemaphore semaphore) : IWaitSource
    {
        public bool TryAdd(Waiter waiter)
        {
            semaphore._lock.Enter();
            var waits = semaphore._count == 0;
            if (waits)
                semaphore._watchers.Add(waiter);
            semaphore._lock.Exit();
            return waits;
        }

        public void Remove(Waiter waiter)
        {
            semaphore._lock.Enter();
            semaphore._watchers.Remove(waiter);
            semaphore._lock.Exit();
        }

        public string Describe() => "a free place of a semaphore";
    }
}
