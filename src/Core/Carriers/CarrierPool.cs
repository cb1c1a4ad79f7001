namespace GreenletBridge;

/// <summary>The carrier threads that hubs share, last in first out.</summary>
/// <remarks>All members may be called from any thread.</remarks>
public sealed partial class CarrierPool
{
    private readonly List<Carrier> _idle = [];
    private readonly Queue<Dispatcher> _starved = new();
    private TinyLock _lock;
    private CarrierOptions _options;
    private int _count;
    private int _busy;
    private int _reserve;
    private int _number;
    private int _starvedCount;

    /// <summary>Creates a pool of its own; hubs use <see cref="Shared"/> unless they are given another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public CarrierPool(CarrierOptions? options = null)
    {
        _options = options?.Copy() ?? new CarrierOptions();
        _options.Validate();
    }

    /// <summary>The pool of the process.</summary>
    public static CarrierPool Shared { get; } = new();

    /// <summary>Threads that exist.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Threads that run or hold a parked segment, or drive a hub.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Threads that wait for work.</summary>
    public int Idle => Math.Max(0, Count - Busy);

    /// <summary>The settings in force. Changing the returned object changes nothing; see <see cref="Configure"/>.</summary>
    internal CarrierOptions Options => Volatile.Read(ref _options);

    internal TimeSpan IdleTimeout => Options.IdleTimeout;

    /// <summary>Whether idle carriers beyond the hubs' reserve exist.</summary>
    internal bool MayRetire => Idle > Volatile.Read(ref _reserve);

    /// <summary>Whether begun work has used up what <see cref="CarrierOptions.HardMax"/> allows.</summary>
    internal bool IsExhausted => Busy >= Options.HardMax;

    /// <summary>Puts new settings in force; carriers that exist keep their stacks.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; nothing has changed.</exception>
    public void Configure(CarrierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy();
        options.Validate();
        Volatile.Write(ref _options, options);
        // A hub that lets go meanwhile either sees them or is seen here.
        Interlocked.MemoryBarrier();
        WakeStarved();
    }

    /// <summary>Whether work that has not begun may take a carrier, or go on with the one that asks.</summary>
    internal bool Admits(bool hasCarrier) => Busy < Options.Max + (hasCarrier ? 1 : 0);

    /// <summary>Takes an idle carrier or starts one. Null when none can be had; <paramref name="error"/> says why if it was a failed start.</summary>
    internal Carrier? Take(out Exception? error)
    {
        error = null;
        Carrier? carrier = null;
        _lock.Enter();
        if (_idle.Count > 0)
        {
            carrier = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            carrier.IdleIndex = -1;
            _busy++;
        }
        else if (_count < _options.HardMax)
        {
            _count++;
            _busy++;
        }
        else
        {
            _lock.Exit();
            return null;
        }

        _lock.Exit();
        return carrier ?? Create(out error);
    }

    /// <summary>The carrier's own thread, idle again.</summary>
    internal void Return(Carrier carrier)
    {
        try
        {
            _options.OnCarrierReturned?.Invoke();
        }
        catch (Exception)
        {
            // Documented: a callback of the user's must not take a carrier down.
        }

        _lock.Enter();
        _busy--;
        carrier.IdleIndex = _idle.Count;
        _idle.Add(carrier);
        _lock.Exit();
        WakeStarved();
    }

    /// <summary>An idle carrier's own thread asks whether it may end.</summary>
    internal bool TryRetire(Carrier carrier)
    {
        _lock.Enter();
        var retires = carrier.IdleIndex >= 0 && _count - _busy > _reserve;
        if (retires)
        {
            _idle.RemoveAt(carrier.IdleIndex);
            for (var i = carrier.IdleIndex; i < _idle.Count; i++)
                _idle[i].IdleIndex = i;
            carrier.IdleIndex = -1;
            _count--;
        }

        _lock.Exit();
        return retires;
    }

    /// <summary>A hub starts: one more carrier is kept, and made now, so that the hub's baton always finds a thread.</summary>
    /// <exception cref="InvalidOperationException">The thread cannot be started.</exception>
    internal void AddReserve()
    {
        _lock.Enter();
        _reserve++;
        var missing = _count - _busy < _reserve;
        if (missing)
        {
            _count++;
            _busy++;
        }

        _lock.Exit();
        if (!missing)
            return;
        var carrier = Create(out var error);
        if (carrier is null)
        {
            RemoveReserve();
            throw new InvalidOperationException("A hub cannot start: no thread can be created for it.", error);
        }

        _lock.Enter();
        _busy--;
        carrier.IdleIndex = _idle.Count;
        _idle.Add(carrier);
        _lock.Exit();
        // While it was made it counted as busy.
        WakeStarved();
    }

    internal void RemoveReserve()
    {
        _lock.Enter();
        _reserve--;
        // A carrier that may go now sleeps without limit, and which one does is not known: wake them to look at the time again.
        var idle = _idle.ToArray();
        _lock.Exit();
        foreach (var carrier in idle)
            carrier.Parker.Unpark();
    }

    /// <summary>A dispatcher has work that no carrier may run now; it is kicked when one returns.</summary>
    internal void AddStarved(Dispatcher dispatcher)
    {
        _lock.Enter();
        if (!_starved.Contains(dispatcher))
            _starved.Enqueue(dispatcher);
        Volatile.Write(ref _starvedCount, _starved.Count);
        _lock.Exit();
        Interlocked.MemoryBarrier();
    }

    private void WakeStarved()
    {
        if (Volatile.Read(ref _starvedCount) == 0)
            return;
        // Each of them once: one that has nothing left to begin must not swallow the news. Who gets nothing enters itself again.
        for (var left = Volatile.Read(ref _starvedCount); left > 0; left--)
        {
            _lock.Enter();
            var found = _starved.TryDequeue(out var dispatcher);
            Volatile.Write(ref _starvedCount, _starved.Count);
            _lock.Exit();
            if (!found)
                return;
            dispatcher!.Kick();
        }
    }
}
