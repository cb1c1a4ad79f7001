using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge;

/// <summary>Several things to wait for, taken one by one in the order in which they become ready. For one that waits at a time.</summary>
internal sealed class ReadySet : IWaitSource, IDisposable
{
    private readonly ReadyWaiter[] _waiters;
    private readonly Queue<IGreenletWaitable> _ready = new();
    private Waiter? _waiter;
    private TinyLock _lock;

    internal ReadySet(IReadOnlyList<IGreenletWaitable> items)
    {
        _waiters = new ReadyWaiter[items.Count];
        for (var i = 0; i < _waiters.Length; i++)
            _waiters[i] = new ReadyWaiter(this, items[i]);
        foreach (var waiter in _waiters)
            waiter.Begin();
    }

    public bool TryAdd(Waiter waiter)
    {
        _lock.Enter();
        var waits = _ready.Count == 0;
        if (waits)
            _waiter = waiter;
        _lock.Exit();
        return waits;
    }

    public void Remove(Waiter waiter)
    {
        _lock.Enter();
        if (_waiter == waiter)
            _waiter = null;
        _lock.Exit();
    }

    public string Describe() => $"one of {_waiters.Length}: {string.Join(", ", _waiters.Take(5).Select(static waiter => waiter.Describe()))}{(_waiters.Length > 5 ? ", ..." : "")}";

    /// <summary>Leaves no trace of the wait anywhere.</summary>
    public void Dispose()
    {
        foreach (var waiter in _waiters)
            waiter.GiveUp();
    }

    internal void Add(IGreenletWaitable item)
    {
        _lock.Enter();
        _ready.Enqueue(item);
        var waiter = _waiter;
        _waiter = null;
        _lock.Exit();
        waiter?.TryEnd(WaitOutcome.Completed);
    }

    /// <summary>The next one that is ready; null when the time is up.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    internal IGreenletWaitable? Next(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var item))
                return item;
            if (!WaitLimit.Block(this, timeout, cancellationToken))
                return null;
        }
    }

    /// <summary>As <see cref="Next"/>, awaited.</summary>
    internal async Task<IGreenletWaitable?> NextAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var item))
                return item;
            if (!await WaitLimit.Async(this, hasCome: false, timeout, cancellationToken).ConfigureAwait(true))
                return null;
        }
    }

    private bool TryTake([NotNullWhen(true)] out IGreenletWaitable? item)
    {
        _lock.Enter();
        var taken = _ready.TryDequeue(out item);
        _lock.Exit();
        return taken;
    }
}
