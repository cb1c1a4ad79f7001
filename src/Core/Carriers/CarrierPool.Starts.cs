namespace GreenletBridge;

/// <content>Threads that start, and what becomes of the work when one cannot.</content>
public sealed partial class CarrierPool
{
    // Nothing may be on its way that brings the work to mind: where all carriers wait for it, or there is none, a clock must.
    private static readonly TimeSpan _retryAfter = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _farAway = TimeSpan.FromDays(30);

    private ITimer? _retry;
    private int _started;

    /// <summary>How a thread is started: what a test replaces to have it fail.</summary>
    internal Action<Thread> StartThread { get; set; } = static thread => thread.UnsafeStart();

    /// <summary>How many were started so far.</summary>
    internal int Started => Volatile.Read(ref _started);

    private Carrier? Create(out Exception? error)
    {
        error = null;
        try
        {
            var carrier = new Carrier(this, Interlocked.Increment(ref _number), _options.StackSize);
            carrier.Start();
            Interlocked.Increment(ref _started);
            return carrier;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            error = e;
            _lock.Enter();
            _count--;
            _busy--;
            _lock.Exit();
            RetryLater();
            return null;
        }
    }

    private void RetryLater()
    {
        try
        {
            SetRetry(_retryAfter);
        }
        catch (OutOfMemoryException)
        {
            // Without a timer the next carrier that comes back, or the next post, brings the work to mind.
        }
    }

    /// <summary>A hub starts: the runtime makes a thread for the first timer that is set, and it must exist before threads are short.</summary>
    /// <exception cref="InvalidOperationException">That thread cannot be started.</exception>
    internal void PrepareRetry()
    {
        if (Volatile.Read(ref _retry) is not null)
            return;
        try
        {
            SetRetry(_farAway);
        }
        catch (OutOfMemoryException e)
        {
            throw new InvalidOperationException("A hub cannot start: no thread can be created for timers.", e);
        }
    }

    private void SetRetry(TimeSpan after)
    {
        if (Volatile.Read(ref _retry) is null)
        {
            // It must not carry the context of whoever wanted a thread first.
            using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
            var made = TimeProvider.System.CreateTimer(static pool => ((CarrierPool)pool!).WakeStarved(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (Interlocked.CompareExchange(ref _retry, made, null) is not null)
                made.Dispose();
        }

        _retry!.Change(after, Timeout.InfiniteTimeSpan);
    }
}
