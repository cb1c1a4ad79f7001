namespace GreenletBridge.Core.Stress.Soak;

/// <summary>The primitives that all producers share, with the sums that must come out even.</summary>
internal sealed class Arena : IDisposable
{
    public const int Places = 3;

    private readonly Balance _queued = new("queue");
    private readonly Balance _sorted = new("priority queue");
    private readonly Balance _met = new("channel");
    private readonly GreenletQueue<int> _queue = new(8);
    private readonly GreenletPriorityQueue<int> _priorities = new(8);
    private readonly GreenletChannel<int> _channel = new();
    private readonly GreenletSemaphore _places = new(Places, Places);
    private readonly GreenletLock _lock = new();
    private readonly GreenletCondition _changed = new();
    private readonly GreenletEvent _gate = new();
    private readonly object _monitor = new();
    private readonly SemaphoreSlim _slim = new(Places, Places);
    private readonly GreenletPool _pool;
    private int _stock;
    private int _inPlaces;
    private int _inLock;
    private int _inMonitor;
    private int _inPool;

    public Arena(Hub hub)
    {
        Hub = hub;
        _pool = new GreenletPool(Places, hub);
        Blocking =
        [
            Put, Get, PutSorted, GetSorted, Meet, Enter, Hold, Change, Gate, Children, Limits, Monitor, Slim, Functions, Offload,
        ];
        Async =
        [
            PutAsync, GetAsync, MeetAsync, EnterAsync, HoldAsync, ChangeAsync, GateAsync, PoolAsync, ScopeAsync, LimitsAsync, FunctionsAsync,
        ];
    }

    public Hub Hub { get; }

    /// <summary>What a greenlet may do; each is given its patience and a number of its own.</summary>
    public IReadOnlyList<Action<Patience>> Blocking { get; }

    public IReadOnlyList<Func<Patience, Task>> Async { get; }

    /// <summary>At rest: nothing is held, and nothing was lost or given twice.</summary>
    public void Check()
    {
        while (_queue.TryGet(out var item))
            _queued.Out(item);
        while (_priorities.TryGet(out var item))
            _sorted.Out(item);
        _queued.Check();
        _sorted.Check();
        _met.Check();
        Holds(_places.Count == Places, $"{_places.Count} places of a semaphore are free");
        Holds(_slim.CurrentCount == Places, $"{_slim.CurrentCount} places of a SemaphoreSlim are free");
        Holds(!_lock.IsHeld && !_changed.Lock.IsHeld, "a lock is held");
        Holds(_pool is { Count: 0, FreeCount: Places }, $"the pool has {_pool.Count} greenlets and {_pool.FreeCount} free places");
        Holds((_inPlaces, _inLock, _inMonitor, _inPool) == (0, 0, 0, 0), "somebody is inside");
    }

    public void Dispose() => _slim.Dispose();

    private void Put(Patience patience)
    {
        if (_queue.TryPut(patience.Number, patience.Limit, patience.Token))
            _queued.In(patience.Number);
    }

    private void Get(Patience patience)
    {
        if (_queue.TryGet(out var item, patience.Limit, patience.Token))
            _queued.Out(item);
    }

    private void PutSorted(Patience patience)
    {
        if (_priorities.TryPut(patience.Number, patience.Limit, patience.Token))
            _sorted.In(patience.Number);
    }

    private void GetSorted(Patience patience)
    {
        if (_priorities.TryGet(out var item, patience.Limit, patience.Token))
            _sorted.Out(item);
    }

    private void Meet(Patience patience)
    {
        if (patience.Number % 2 == 0 && _channel.TryPut(patience.Number, patience.Limit, patience.Token))
            _met.In(patience.Number);
        else if (patience.Number % 2 == 1 && _channel.TryGet(out var item, patience.Limit, patience.Token))
            _met.Out(item);
    }

    private void Enter(Patience patience)
    {
        if (!_places.TryAcquire(patience.Limit, patience.Token))
            return;
        try
        {
            Holds(Interlocked.Increment(ref _inPlaces) <= Places, "too many have a place");
            Greenlet.Yield();
        }
        finally
        {
            Interlocked.Decrement(ref _inPlaces);
            _places.Release();
        }
    }

    private void Hold(Patience patience)
    {
        using var hold = _lock.Acquire(patience.Limit, patience.Token);
        using var again = _lock.Acquire();
        Inside(ref _inLock, static () => Greenlet.Sleep(TimeSpan.FromTicks(500)));
    }

    private void Change(Patience patience)
    {
        using var hold = _changed.Lock.Acquire();
        if (patience.Number % 2 == 0)
        {
            _stock++;
            _changed.Notify();
        }
        else if (_changed.WaitFor(() => _stock > 0, patience.Limit, patience.Token))
        {
            Holds(--_stock >= 0, "taken twice");
        }
    }

    private void Gate(Patience patience)
    {
        if (patience.Number % 3 == 0)
            _gate.Set();
        else if (patience.Number % 3 == 1)
            _gate.Clear();
        else
            _ = Greenlet.WaitAny([_gate, _places], patience.Limit, patience.Token);
    }

    private void Children(Patience patience)
    {
        var child = Hub.Spawn(() => Greenlet.Sleep(TimeSpan.FromTicks(patience.Number % 5_000)));
        var other = Hub.Spawn(static async () => await Greenlet.YieldAsync());
        if (patience.Number % 4 == 0)
            child.Kill();
        if (Greenlet.JoinAll([child, other], patience.Limit, cancellationToken: patience.Token).Count == 2)
            Holds(child.IsReady && other.IsSuccessful, "a join came too early");
    }

    private void Limits(Patience patience) => Greenlet.WithTimeout(
        TimeSpan.FromTicks(patience.Number % 10_000),
        () => Greenlet.WithTimeout(TimeSpan.FromTicks(patience.Number % 7_000), static () => Greenlet.Sleep(TimeSpan.FromMinutes(5)), static () => { }),
        static () => { });

    private void Monitor(Patience patience)
    {
        lock (_monitor)
            Inside(ref _inMonitor, static () => Task.Run(static () => { }).Wait());
    }

    private void Slim(Patience patience)
    {
        if (!_slim.Wait(patience.Limit, patience.Token))
            return;
        try
        {
            Thread.Yield();
        }
        finally
        {
            _slim.Release();
        }
    }

    private void Functions(Patience patience) =>
        Holds(Hub.Bridge.AsyncToSync<int, int>(async number =>
        {
            await Greenlet.YieldAsync();
            return await Task.Run(() => number);
        })(patience.Number) == patience.Number, "a function gave another one's value");

    private void Offload(Patience patience)
    {
        _ = patience;
        Hub.Offload(static () => Thread.Yield());
    }

    private async Task PutAsync(Patience patience)
    {
        if (await _queue.TryPutAsync(patience.Number, patience.Limit, patience.Token))
            _queued.In(patience.Number);
    }

    private async Task GetAsync(Patience patience)
    {
        if (await _queue.TryGetAsync(patience.Limit, patience.Token) is (true, var item))
            _queued.Out(item);
    }

    private async Task MeetAsync(Patience patience)
    {
        if (patience.Number % 2 == 0 && await _channel.TryPutAsync(patience.Number, patience.Limit, patience.Token))
            _met.In(patience.Number);
        else if (patience.Number % 2 == 1 && await _channel.TryGetAsync(patience.Limit, patience.Token) is (true, var item))
            _met.Out(item);
    }

    private async Task EnterAsync(Patience patience)
    {
        if (!await _places.TryAcquireAsync(patience.Limit, patience.Token))
            return;
        try
        {
            Holds(Interlocked.Increment(ref _inPlaces) <= Places, "too many have a place");
            await Greenlet.YieldAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _inPlaces);
            _places.Release();
        }
    }

    private async Task HoldAsync(Patience patience)
    {
        using (await _lock.AcquireAsync(patience.Limit, patience.Token))
            Inside(ref _inLock, static () => { });
    }

    private async Task ChangeAsync(Patience patience)
    {
        using (await _changed.Lock.AcquireAsync())
        {
            if (await _changed.WaitForAsync(() => _stock > 0, patience.Limit, patience.Token))
                Holds(--_stock >= 0, "taken twice");
        }
    }

    private async Task GateAsync(Patience patience) => await _gate.WaitAsync(patience.Limit, patience.Token);

    private async Task PoolAsync(Patience patience)
    {
        var greenlet = await _pool.TrySpawnAsync(
            async () =>
            {
                Holds(Interlocked.Increment(ref _inPool) <= Places, "too many are in the pool");
                try
                {
                    await Greenlet.YieldAsync();
                }
                finally
                {
                    Interlocked.Decrement(ref _inPool);
                }
            },
            patience.Limit,
            patience.Token);
        if (greenlet is not null)
            await greenlet;
    }

    private async Task ScopeAsync(Patience patience)
    {
        var alive = 0;
        try
        {
            await GreenletScope.RunAsync(
                async scope =>
                {
                    for (var i = 0; i < 3; i++)
                    {
                        _ = scope.Spawn(async () =>
                        {
                            Interlocked.Increment(ref alive);
                            try
                            {
                                await Greenlet.SleepAsync(patience.Limit);
                            }
                            finally
                            {
                                Interlocked.Decrement(ref alive);
                            }
                        });
                    }

                    await Greenlet.YieldAsync();
                    patience.Token.ThrowIfCancellationRequested();
                },
                Hub);
        }
        finally
        {
            Holds(alive == 0, "a greenlet has outlived its scope");
        }
    }

    private async Task LimitsAsync(Patience patience) =>
        await Greenlet.WithTimeoutAsync(patience.Limit, _ => Greenlet.WithTimeoutAsync(TimeSpan.FromMinutes(1), _ => Greenlet.SleepAsync(TimeSpan.FromMinutes(5))));

    private async Task FunctionsAsync(Patience patience) => Holds(
        await Hub.Bridge.SyncToAsync<int, int>((number, _) =>
        {
            Greenlet.Yield();
            return number;
        })(patience.Number, patience.Token) == patience.Number,
        "a function gave another one's value");

    private static void Inside(ref int count, Action code)
    {
        Holds(Interlocked.Increment(ref count) == 1, "two are inside of a lock");
        try
        {
            code();
        }
        finally
        {
            Interlocked.Decrement(ref count);
        }
    }

    private static void Holds(bool condition, string what)
    {
        if (!condition)
            throw new SoakException(what);
    }
}
