namespace GreenletBridge;

/// <summary>Several hubs that share one queue of greenlets which have not begun: whichever is free takes the next.</summary>
/// <remarks>A greenlet that has begun stays with its hub. All members may be used from any thread.</remarks>
public sealed class HubGroup : IGreenletTarget, IDisposable, IAsyncDisposable
{
    private readonly SharedQueue _queue = new();
    private readonly Hub[] _hubs;
    private object? _companion;
    private int _lastInPlace;

    /// <summary>Creates the hubs; they run when the group is started.</summary>
    /// <param name="count">How many; 1 to 1,024. One for each core is usual.</param>
    /// <param name="options">Settings of each hub; the name is a prefix, to which "-0", "-1" and so on is added. Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is outside its range.</exception>
    /// <exception cref="ArgumentException">An option is outside its range, or two contradict each other.</exception>
    public HubGroup(int count, HubOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1_024);
        options ??= new HubOptions();
        options.Validate();
        _hubs = new Hub[count];
        for (var i = 0; i < count; i++)
            _hubs[i] = new Hub(options.Copy($"{options.Name}-{i}"), _queue);
        _queue.Join(Array.ConvertAll(_hubs, static hub => hub.Dispatcher));
    }

    /// <summary>The hubs of the group.</summary>
    public IReadOnlyList<Hub> Hubs => _hubs;

    /// <summary>Greenlets that no hub has begun.</summary>
    public int Queued => _queue.Count;

    /// <summary>Room for one object of a layer above that belongs to the group.</summary>
    internal ref object? Companion => ref _companion;

    Dispatcher IGreenletTarget.TimerDispatcher => _hubs[0].Dispatcher;

    Hub IGreenletTarget.TimerHub => _hubs[0];

    /// <summary>Starts every hub. A second start does nothing.</summary>
    /// <exception cref="HubStoppedException">The group has been stopped.</exception>
    public void Start()
    {
        foreach (var hub in _hubs)
            hub.Start();
    }

    /// <summary>Stops every hub, all at the same time.</summary>
    /// <inheritdoc cref="Hub.StopAsync" path="/param|/returns|/exception"/>
    public Task StopAsync(TimeSpan drainTimeout, CancellationToken cancellationToken = default) =>
        Task.WhenAll(_hubs.Select(hub => hub.StopAsync(drainTimeout, cancellationToken)));

    /// <summary>Makes a greenlet of blocking code and starts it on the hub that is free first.</summary>
    /// <param name="body">What it runs; it may block as it likes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="HubStoppedException">The group takes no more work.</exception>
    public Greenlet Spawn(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var greenlet = new Greenlet(this, BlockingBody.For(body), body);
        greenlet.Start();
        return greenlet;
    }

    /// <inheritdoc cref="Spawn(Action)"/>
    public Greenlet<T> Spawn<T>(Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var greenlet = new Greenlet<T>(this, BlockingBody<T>.For(body), body);
        greenlet.Start();
        return greenlet;
    }

    /// <summary>Makes a greenlet of async code and starts it on the hub that is free first.</summary>
    /// <inheritdoc cref="Spawn(Action)" path="/param|/exception"/>
    public Greenlet Spawn(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var greenlet = new Greenlet(this, AsyncBody.Instance, body);
        greenlet.Start();
        return greenlet;
    }

    /// <inheritdoc cref="Spawn(Func{Task})"/>
    public Greenlet<T> Spawn<T>(Func<Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var greenlet = new Greenlet<T>(this, AsyncBody<T>.Instance, body);
        greenlet.Start();
        return greenlet;
    }

    /// <summary>As <see cref="Spawn(Func{Task})"/>; work of a kind that has never blocked and is short may run on the calling thread before this returns.</summary>
    /// <param name="body">What it runs.</param>
    /// <param name="profile">The kind of work, the same object for all of its kind.</param>
    /// <inheritdoc cref="Spawn(Action)" path="/exception"/>
    public Greenlet SpawnInPlace(Func<Task> body, WorkProfile profile)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(profile);
        var greenlet = new Greenlet(this, AsyncBody.Instance, body) { Trust = profile.Trust };
        greenlet.StartInPlace();
        return greenlet;
    }

    /// <summary>Stops every hub without time to drain.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    /// <summary>As <see cref="DisposeAsync"/>, and waits for it.</summary>
    public void Dispose() => Greenlet.Await(StopAsync(TimeSpan.Zero));

    void IGreenletTarget.Schedule(Greenlet greenlet)
    {
        // Any of it may block, async handlers too: all of it is admitted under the cap.
        greenlet.NeedsAdmission = !greenlet.IsChild;
        _queue.Enqueue(greenlet);
    }

    bool IGreenletTarget.TryRunInPlace(Greenlet greenlet)
    {
        // Spread: what it awaits goes on on the hub that began it.
        var first = (uint)Interlocked.Increment(ref _lastInPlace);
        for (var i = 0u; i < _hubs.Length; i++)
        {
            if (_hubs[(first + i) % _hubs.Length] is { IsRunning: true } hub && hub.Dispatcher.TryRunInPlace(greenlet))
                return true;
        }

        return false;
    }

    bool IGreenletTarget.TryStartDetached(Greenlet greenlet)
    {
        if (!_queue.IsEmpty)
            return false;
        var first = (uint)Interlocked.Increment(ref _lastInPlace);
        for (var i = 0u; i < _hubs.Length; i++)
        {
            if (_hubs[(first + i) % _hubs.Length] is { IsRunning: true } hub && hub.Dispatcher.TryStartDetached(greenlet))
                return true;
        }

        return false;
    }

    // It is closed when all of them are
    void IGreenletTarget.ThrowIfClosed(Greenlet greenlet) => (Array.Find(_hubs, static hub => !hub.IsClosed) ?? _hubs[0]).ThrowIfClosed(greenlet);
}
