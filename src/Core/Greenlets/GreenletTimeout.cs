namespace GreenletBridge;

/// <summary>A limit of time for what a greenlet does: when it is up, an exception is thrown in the greenlet, at the place where it waits.</summary>
/// <remarks>
/// <para>It reaches what a kill reaches: waits of the hub, waits of the runtime (Task, lock, semaphore), Thread.Sleep of a blocking body. What
/// nothing reaches, busy code or a native call, gets it at its next wait; a scope that is left by then gets none. An await of a plain
/// Task is reached through <see cref="Token"/>.</para>
/// <para>Scopes nest, and each catches only its own. <see cref="Greenlet.WithTimeout{T}(TimeSpan?, Func{T})"/> does that by itself; after a <c>catch</c>
/// of one's own ask <see cref="IsCauseOf"/>. In async code it holds for what the method that started it does from there on, not for what runs beside it.</para>
/// <para>To start it needs a greenlet; all other members may be used from any thread.</para>
/// </remarks>
/// <example><code>
/// using var limit = GreenletTimeout.Start(TimeSpan.FromSeconds(2));
/// var page = Fetch(url);          // throws GreenletTimeoutException when it waits longer than that, however many waits it makes
/// limit.Cancel();                 // the rest may take its time
/// Store(page);
/// </code></example>
public sealed class GreenletTimeout : IDisposable
{
    // What the system's timers take at most; longer is as good as never.
    private static readonly TimeSpan _longestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Exception? _exception;
    private TimeoutList? _list;
    private KillRequest? _request;
    private FlowScope? _flow;
    private CancellationTokenSource? _source;
    private ITimer? _timer;
    private bool _disposed;

    /// <summary>Makes a timeout that does not run yet.</summary>
    /// <param name="time">Null or infinite: never. Zero or less: at the hub's next turn. Otherwise by the hub's clock, from each start on.</param>
    /// <param name="exception">What is thrown; null (the default): a <see cref="GreenletTimeoutException"/>.</param>
    public GreenletTimeout(TimeSpan? time, Exception? exception = null)
    {
        Time = time == Timeout.InfiniteTimeSpan ? null : time;
        _exception = exception;
    }

    /// <summary>How long it runs; null: without end.</summary>
    public TimeSpan? Time { get; }

    /// <summary>Whether it runs, or its time is up and its exception is not thrown yet.</summary>
    public bool IsPending => Volatile.Read(ref IsRunning) || Volatile.Read(ref _request) is { IsDelivered: false };

    /// <summary>Cancelled when the time is up: hand it to whatever is awaited.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public CancellationToken Token
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
            var source = Volatile.Read(ref _source);
            if (source is null)
            {
                var made = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _source, made, null) ?? made;
                if (Volatile.Read(ref _request) is not null)
                    source.Cancel();
            }

            return source.Token;
        }
    }

    // The list it is in, guarded by that list.
    internal GreenletTimeout? Previous;
    internal GreenletTimeout? Following;
    internal bool IsRunning;
    internal long Due;

    /// <summary>Makes a timeout for the calling greenlet and starts it.</summary>
    /// <param name="time">Null or infinite: never. Zero or less: at the hub's next turn. Otherwise by the hub's clock.</param>
    /// <param name="exception">What is thrown; null (the default): a <see cref="GreenletTimeoutException"/>.</param>
    /// <returns>To be disposed where its scope ends.</returns>
    /// <exception cref="InvalidOperationException">The caller is no greenlet.</exception>
    public static GreenletTimeout Start(TimeSpan? time, Exception? exception = null)
    {
        var timeout = new GreenletTimeout(time, exception);
        timeout.Start();
        return timeout;
    }

    /// <summary>Starts it for the calling greenlet, from the beginning if it has run before.</summary>
    /// <exception cref="InvalidOperationException">It is pending: cancel it first. Or the caller is no greenlet.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public void Start() => Start(Greenlet.Current is { HasOtherFlows: false } ? Runner.Current : null, suspends: true);

    /// <summary>Makes and starts one for the code that the caller runs on its own stack.</summary>
    internal static GreenletTimeout StartOnStack(TimeSpan? time)
    {
        var timeout = new GreenletTimeout(time);
        timeout.Start(Runner.Current, suspends: false);
        return timeout;
    }

    /// <param name="stack">The thread whose unseen waits it may break off; null: of none.</param>
    /// <param name="suspends">Whether who starts it may be async code, which returns to a caller that waits outside of the limit.</param>
    private void Start(Runner? stack, bool suspends)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        var greenlet = Greenlet.Current ?? throw new InvalidOperationException(
            "A GreenletTimeout must be started on a greenlet: only a greenlet's waits can be broken off. Elsewhere give the wait itself a timeout or a CancellationToken.");
        if (IsPending)
            throw new InvalidOperationException("The GreenletTimeout is pending already. Cancel() it before it is started again, or make a second one.");
        Leave();
        if (Volatile.Read(ref _source) is { IsCancellationRequested: true })
            Volatile.Write(ref _source, null);
        Volatile.Write(ref _request, null);
        if (suspends || greenlet.HasOtherFlows)
        {
            greenlet.UseFlows();
            _flow = FlowScope.Enter(stack);
        }

        _list = greenlet.Timeouts;
        if (Time is { } time)
            _list.Add(this, time);
    }

    /// <summary>Stops it; it can be started again. Nothing if it does not run.</summary>
    /// <returns>False when its exception was thrown, or is just being thrown because another thread was too late to stop it.</returns>
    public bool Cancel()
    {
        var stopped = _list is not { } list || list.Remove(this) || _request is not { } request || list.Greenlet.Withdraw(request);
        Leave();
        return stopped;
    }

    /// <summary>Stops it for good.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _timer?.Dispose();
        Cancel();
    }

    /// <summary>Whether an exception is this timeout's: the very object, one that a library has wrapped around it, or what it made of <see cref="Token"/> or of a broken sleep.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is null.</exception>
    public bool IsCauseOf(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Volatile.Read(ref _request)?.Explaining(exception, _source) is not null;
    }

    /// <summary>What is thrown when its time is up; known from then on.</summary>
    internal Exception? Exception => Volatile.Read(ref _request)?.Exception;

    /// <summary>As <see cref="Start(TimeSpan?, Exception?)"/>; without a greenlet only the token tells that the time is up.</summary>
    internal static GreenletTimeout StartAnywhere(TimeSpan? time)
    {
        var timeout = new GreenletTimeout(time);
        if (Greenlet.Current is not null)
            timeout.Start(stack: null, suspends: true);
        else if (timeout.Time is { } limit && limit < _longestTimer)
            timeout._timer = TimeProvider.System.CreateTimer(static state => ((GreenletTimeout)state!).FireAlone(), timeout, limit > TimeSpan.Zero ? limit : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return timeout;
    }

    /// <summary>The list, locked: the time is up.</summary>
    internal void NoteFired()
    {
        var grace = Volatile.Read(ref _source) is null ? TimeSpan.Zero : _list?.Greenlet.KillGrace ?? TimeSpan.Zero;
        Volatile.Write(ref _request, new KillRequest(_exception ?? new GreenletTimeoutException(this), grace) { Flow = _flow, IsScoped = true });
    }

    /// <summary>After <see cref="NoteFired"/>, without the lock.</summary>
    internal void Raise()
    {
        // Its callbacks are user code: the hub must not wait for them.
        if (Volatile.Read(ref _source) is { } source)
            _ = source.CancelAsync();
        if (Volatile.Read(ref _request) is { } request)
            _list?.Greenlet.Raise(request);
    }

    private void FireAlone()
    {
        NoteFired();
        Raise();
    }

    private void Leave()
    {
        _flow?.Leave();
        _flow = null;
    }
}
