namespace GreenletBridge;

/// <summary>A bounded number of real threads for code that truly blocks where no hub sees it: native calls, plain files, whatever computes for long.</summary>
/// <remarks>
/// The code runs beside every hub: it is on no greenlet, <see cref="Greenlet.Current"/> is null in it, and it may hold its thread as long as it likes. Who
/// called waits cooperatively on a greenlet. A caller that is killed goes on at once; its code runs to the end, or never begins, and its outcome is dropped.
/// Threads are made when they are needed and end when they have been idle for 10 s. All members may be used from any thread.
/// </remarks>
/// <example><code>
/// var hash = hub.Offload(() => Native.Hash(file));       // other greenlets of the hub run meanwhile
///
/// using var disk = new OffloadPool(2);                   // no more than two at the disk
/// var text = disk.Run(() => File.ReadAllText(path));
/// </code></example>
public sealed partial class OffloadPool : IDisposable
{
    private static readonly TimeSpan _idleTimeout = TimeSpan.FromSeconds(10);

    private readonly Queue<OffloadCall> _queue = new();
    private readonly Stack<OffloadThread> _resting = new();
    private readonly TimeSpan _idle;
    private TinyLock _lock;
    private int _threads;
    private bool _isDisposed;

    /// <summary>Makes a pool without threads.</summary>
    /// <param name="size">How many threads it has at most; at least 1. What comes while all are busy waits, first come first served.</param>
    /// <param name="idleTimeout">How long a thread without work is kept, zero to 1 day; null (the default): 10 s.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public OffloadPool(int size, TimeSpan? idleTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _idle = idleTimeout ?? _idleTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThan(_idle, TimeSpan.Zero, nameof(idleTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_idle, TimeSpan.FromDays(1), nameof(idleTimeout));
        Size = size;
    }

    /// <summary>The pool of <c>hub.Offload</c>, for the whole process: four threads a core, at least ten.</summary>
    public static OffloadPool Shared { get; } = new(Math.Max(10, 4 * Environment.ProcessorCount));

    /// <summary>How many threads it has at most.</summary>
    public int Size { get; }

    /// <summary>How many threads it has now.</summary>
    public int ThreadCount => Volatile.Read(ref _threads);

    /// <summary>How many calls wait for a thread.</summary>
    public int Queued
    {
        get
        {
            _lock.Enter();
            var queued = _queue.Count;
            _lock.Exit();
            return queued;
        }
    }

    /// <summary>Runs code on one of the threads and waits for it: cooperatively on a greenlet, blocking elsewhere.</summary>
    /// <param name="body">The code; the caller's ExecutionContext flows into it.</param>
    /// <param name="cancellationToken">Ends the wait; code that has begun runs on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed before the code began.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed; code that has begun runs on.</exception>
    /// <exception cref="Exception">Whatever the code failed with.</exception>
    public void Run(Action body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        Run(
            () =>
            {
                body();
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="Run(Action, CancellationToken)"/>
    /// <returns>The code's value.</returns>
    public T Run<T>(Func<T> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        HubCallback.ThrowIfInside();
        cancellationToken.ThrowIfCancellationRequested();
        var call = new OffloadCall<T>(body);
        Enqueue(call);
        try
        {
            WaitLimit.Block(new TaskSource(call.Task), null, cancellationToken);
        }
        catch
        {
            call.Abandon(cancellationToken);
            throw;
        }

        return call.Task.GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Run(Action, CancellationToken)"/>, awaited.</summary>
    /// <inheritdoc cref="Run(Action, CancellationToken)"/>
    public Task RunAsync(Action body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(
            () =>
            {
                body();
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(Action, CancellationToken)"/>
    /// <returns>The code's value.</returns>
    public async Task<T> RunAsync<T>(Func<T> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        cancellationToken.ThrowIfCancellationRequested();
        var call = new OffloadCall<T>(body);
        Enqueue(call);
        try
        {
            // A wait of the hub's, where there is one: so a kill reaches it.
            await WaitLimit.Async(new TaskSource(call.Task), call.Task.IsCompleted, null, cancellationToken).ConfigureAwait(true);
        }
        catch
        {
            call.Abandon(cancellationToken);
            throw;
        }

        return await call.Task.ConfigureAwait(true);
    }

    /// <summary>Takes no more calls and refuses those that have not begun. What has begun runs to its end; its threads end then.</summary>
    public void Dispose()
    {
        _lock.Enter();
        _isDisposed = true;
        OffloadCall[] refused = [.. _queue];
        _queue.Clear();
        // Woken while the lock is held: none can end, and take its parker with it, before it was.
        while (_resting.TryPop(out var thread))
            thread.Wake();
        _lock.Exit();
        foreach (var call in refused)
            call.Refuse(new ObjectDisposedException(nameof(OffloadPool), "The OffloadPool was disposed before the call began."));
    }

    /// <summary>How a thread is started: what a test replaces to have it fail.</summary>
    internal Action<Thread> StartThread { get; set; } = static thread => thread.UnsafeStart();

    internal bool IsDisposed => Volatile.Read(ref _isDisposed);

    /// <summary>A thread: the next call; null when there is none, and the thread is on the list of those that rest.</summary>
    internal OffloadCall? TakeOrRest(OffloadThread thread)
    {
        _lock.Enter();
        // Twice on the list it would be woken twice for one rest.
        if (!_queue.TryDequeue(out var call) && !_resting.Contains(thread) && !_isDisposed)
            _resting.Push(thread);
        _lock.Exit();
        return call;
    }

    /// <summary>A thread that has rested long enough: whether it may end.</summary>
    internal bool TryRetire(OffloadThread thread)
    {
        _lock.Enter();
        var retires = _resting.Contains(thread) || _isDisposed;
        if (retires)
        {
            OffloadThread[] others = [.. _resting.Where(other => other != thread).Reverse()];
            _resting.Clear();
            foreach (var other in others)
                _resting.Push(other);
            Volatile.Write(ref _threads, _threads - 1);
        }

        _lock.Exit();
        return retires;
    }

    private void Enqueue(OffloadCall call)
    {
        var starts = false;
        _lock.Enter();
        var isDisposed = _isDisposed;
        if (!isDisposed)
        {
            _queue.Enqueue(call);
            if (_resting.TryPop(out var resting))
                resting.Wake();
            else
                starts = _threads < Size;
            if (starts)
                Volatile.Write(ref _threads, _threads + 1);
        }

        _lock.Exit();
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (starts)
            AddThread();
    }

    private void AddThread()
    {
        try
        {
            new OffloadThread(this, _idle).Start();
        }
        catch (Exception e)
        {
            _lock.Enter();
            Volatile.Write(ref _threads, _threads - 1);
            // With another thread they only wait longer. Without one nobody would run those either that counted on this one.
            OffloadCall[] refused = _threads == 0 ? [.. _queue] : [];
            if (_threads == 0)
                _queue.Clear();
            _lock.Exit();
            foreach (var call in refused)
                call.Refuse(new InvalidOperationException("No thread can be started for an OffloadPool.", e));
        }
    }
}
