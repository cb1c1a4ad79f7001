namespace GreenletBridge;

/// <summary>A flag that greenlets and threads wait for.</summary>
/// <remarks>
/// <see cref="Set"/> wakes all who wait, first come first served, even if <see cref="Clear"/> follows at once. Any thread may call
/// any member; waits work across hubs.
/// </remarks>
/// <example><code>
/// var loaded = new GreenletEvent();
/// hub.Spawn(() => { Load(); loaded.Set(); });
/// loaded.Wait();                                     // or: await loaded.WaitAsync();
/// </code></example>
public sealed class GreenletEvent : IGreenletWaitable, IWaitSource
{
    private TinyLock _lock;
    private WaiterList _waiters;
    private volatile bool _isSet;

    /// <summary>Creates the event.</summary>
    /// <param name="isSet">Whether it is set from the start; false by default.</param>
    public GreenletEvent(bool isSet = false) => _isSet = isSet;

    /// <summary>Whether it is set now.</summary>
    public bool IsSet => _isSet;

    bool IGreenletWaitable.IsReady => _isSet;

    IWaitSource IGreenletWaitable.WhenReady => this;

    /// <summary>Sets it and wakes all who wait. Never waits, never runs their code. Nothing if it is set already.</summary>
    public void Set()
    {
        _lock.Enter();
        _isSet = true;
        var woken = _waiters.TakeAll();
        _lock.Exit();
        WaiterList.Wake(woken);
    }

    /// <summary>Clears it: who waits from now on waits for the next <see cref="Set"/>.</summary>
    public void Clear()
    {
        _lock.Enter();
        _isSet = false;
        _lock.Exit();
    }

    /// <summary>Waits until it is set. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was set; false when the time was up first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        return _isSet || (!isLook && WaitLimit.Block(this, timeout, cancellationToken));
    }

    /// <summary>As <see cref="Wait"/>, awaited.</summary>
    /// <inheritdoc cref="Wait" path="/param|/returns|/exception"/>
    public ValueTask<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitLimit.Async(this, _isSet, timeout, cancellationToken);

    bool IWaitSource.TryAdd(Waiter waiter)
    {
        _lock.Enter();
        var waits = !_isSet;
        if (waits)
            _waiters.Add(waiter);
        _lock.Exit();
        return waits;
    }

    void IWaitSource.Remove(Waiter waiter)
    {
        _lock.Enter();
        _waiters.Remove(waiter);
        _lock.Exit();
    }

    string IWaitSource.Describe() => _isSet ? "an event (set)" : "an event to be set";
}
