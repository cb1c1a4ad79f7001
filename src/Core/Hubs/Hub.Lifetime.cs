namespace GreenletBridge;

/// <content>Start, stop, and driving a hub by the calling thread.</content>
public sealed partial class Hub
{
    private const int New = 0;
    private const int Running = 1;
    private const int Stopping = 2;
    private const int Stopped = 3;

    // What a killed greenlet gets for its finally blocks before it is left behind.
    private static readonly TimeSpan _leastKillTime = TimeSpan.FromSeconds(2);

    // .NET's timers take no longer times.
    private static readonly TimeSpan _longestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _quiet;
    private int _state;
    private int _active;
    private int _runs;
    private long _killGraceTicks;

    /// <summary>Whether it has been started and takes work.</summary>
    public bool IsRunning => Volatile.Read(ref _state) == Running;

    /// <summary>How long a killed greenlet whose <see cref="Greenlet.KillToken"/> is in use may end in order before its wait is interrupted. May be changed at any time, from any thread.</summary>
    /// <value>Zero to 1 hour; at first what <see cref="HubOptions.KillGrace"/> said.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public TimeSpan KillGrace
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _killGraceTicks));
        set
        {
            HubOptions.CheckKillGrace(value);
            Volatile.Write(ref _killGraceTicks, value.Ticks);
        }
    }

    /// <summary>Whether it stops or has stopped.</summary>
    internal bool IsClosed => Volatile.Read(ref _state) is Stopping or Stopped;

    /// <summary>Whether greenlets are killed as soon as they begin or wait: the time to drain is over.</summary>
    internal bool KillsAll { get; private set; }

    /// <summary>Starts it: what was spawned before runs now. A second start does nothing.</summary>
    /// <exception cref="HubStoppedException">It has been stopped; make a new one.</exception>
    /// <exception cref="InvalidOperationException">No thread can be created for it.</exception>
    public void Start()
    {
        var state = Interlocked.CompareExchange(ref _state, Running, New);
        if (state is Stopping or Stopped)
            throw new HubStoppedException($"{this} has been stopped and cannot start again: create a new Hub.");
        if (state != New)
            return;
        TakeThreads();
        Dispatcher.Start();
    }

    /// <summary>Stops it: takes no new work, lets what it has end, then kills the rest.</summary>
    /// <param name="drainTimeout">How long greenlets may go on; zero kills at once. Real time, whatever the hub's clock.</param>
    /// <param name="cancellationToken">Ends the time to drain early.</param>
    /// <returns>Ends when every greenlet has ended, or those that resisted their kill are left behind. A second call gives the same end.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="drainTimeout"/> is negative.</exception>
    public async Task StopAsync(TimeSpan drainTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drainTimeout, TimeSpan.Zero);
        var state = BeginStop();
        if (state is Stopping or Stopped)
        {
            await _stopped.Task.ConfigureAwait(false);
            return;
        }

        Dispatcher.Leave();
        if (state == New)
            Dispatcher.Start();

        Notify((Hub: this, Active: Volatile.Read(ref _active)), static (listener, s) => listener.OnHubStopping(s.Hub, s.Active));
        if (!await IsQuietWithin(drainTimeout, cancellationToken).ConfigureAwait(false))
        {
            KillAll();
            var time = _leastKillTime + KillGrace;
            await IsQuietWithin(time, CancellationToken.None).ConfigureAwait(false);
        }

        Volatile.Write(ref _state, Stopped);
        Dispatcher.GoOut();
        // What slips in from now on, or waits for a time that may be far, must not leave anybody waiting.
        KillsAll = true;
        foreach (var greenlet in Delayed.ToArray())
            greenlet.Kill(new GreenletExitException($"{this} has stopped before the time of its start came."));
        Watchdog.Remove(this);
        LetTimeGo();
        if (state == Running && Loop == HubLoop.Threads)
            Carriers.RemoveReserve();
        Notify((Hub: this, Active: Volatile.Read(ref _active)), static (listener, s) => listener.OnHubStopped(s.Hub, s.Active));
        _stopped.TrySetResult();
        _joins.EndAll();
    }

    /// <summary>Stops it without time to drain: what runs is killed.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    /// <summary>As <see cref="DisposeAsync"/>, and waits for it; on one of its own greenlets it only begins.</summary>
    public void Dispose()
    {
        var stop = StopAsync(TimeSpan.Zero);
        if (Current != this)
            Greenlet.Await(stop);
    }

    /// <summary>Runs async code on the hub; the calling thread becomes its loop until the code has ended. Starts the hub if need be.</summary>
    /// <param name="body">The code; after each await it goes on on the hub, on the calling thread.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The hub is being run already, or the caller is on it.</exception>
    /// <exception cref="HubStoppedException">The hub has been stopped.</exception>
    /// <exception cref="Exception">Whatever the code failed with.</exception>
    public void Run(Func<Task> body)
    {
        var greenlet = Create(body);
        RunToEnd(greenlet);
        greenlet.ThrowIfFailed();
    }

    /// <inheritdoc cref="Run(Func{Task})"/>
    /// <returns>The code's value.</returns>
    public T Run<T>(Func<Task<T>> body)
    {
        var greenlet = Create(body);
        RunToEnd(greenlet);
        return greenlet.ResultOrThrow();
    }

    /// <summary>As <see cref="Run(Func{Task})"/>, for blocking code.</summary>
    /// <inheritdoc cref="Run(Func{Task})" path="/exception"/>
    public void Run(Action body)
    {
        var greenlet = Create(body);
        RunToEnd(greenlet);
        greenlet.ThrowIfFailed();
    }

    /// <inheritdoc cref="Run(Action)"/>
    /// <returns>The code's value.</returns>
    public T Run<T>(Func<T> body)
    {
        var greenlet = Create(body);
        RunToEnd(greenlet);
        return greenlet.ResultOrThrow();
    }

    internal void NoteBegun() => Interlocked.Increment(ref _active);

    internal void NoteEnded(GreenletContext context)
    {
        if (context.IsRegistered)
            _registry.Remove(context);
        var left = Interlocked.Decrement(ref _active);
        if (left == 0)
            LetTimeGo();
        if ((left == 0 && Volatile.Read(ref _quiet) is not null) || (_joins.IsWaitedFor && left <= _joins.Own()))
            LookIfQuiet();
    }

    // The times of what has ended are void, and those of waits that were begun and forgotten: whoever watches for them alone may go.
    private void LetTimeGo()
    {
        if (Volatile.Read(ref _state) == Stopped && Volatile.Read(ref _active) == 0)
            Dispatcher.Post(new VoidTimersItem(Dispatcher));
    }

    private void RunToEnd(Greenlet greenlet)
    {
        HubCallback.ThrowIfInside();
        if (Greenlet.Current is { } current)
            throw new InvalidOperationException($"hub.Run was called on {current}, which a hub runs already. Await the code there, or use the bridge's AsyncToSync.");
        if (Interlocked.Exchange(ref _runs, 1) != 0)
            throw new InvalidOperationException($"{this} is being run by another thread. Spawn on it instead, or create a second Hub.");
        try
        {
            Start();
            var runner = Runner.ForThisThread();
            greenlet.Home = runner;
            greenlet.TryAddContinuation(new HomeCall(this, runner));
            Dispatcher.RunUntil(runner, greenlet.Start, () => greenlet.IsReady);
        }
        finally
        {
            Volatile.Write(ref _runs, 0);
        }
    }

    /// <summary>Moves to <see cref="Stopping"/>. The state it was in: whoever sees New or Running has to stop the hub.</summary>
    private int BeginStop()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state is Stopping or Stopped || Interlocked.CompareExchange(ref _state, Stopping, state) == state)
                return state;
        }
    }

    private void TakeThreads()
    {
        try
        {
            Carriers.PrepareRetry();
            Watchdog.Add(this);
            // .NET's scheduler lends its own threads: such a hub holds none while it is idle.
            if (Loop == HubLoop.Threads)
                Carriers.AddReserve();
        }
        catch
        {
            // Not started after all: the caller may try again, or stop what was never started.
            Watchdog.Remove(this);
            Interlocked.CompareExchange(ref _state, New, Running);
            throw;
        }
    }

    private void KillAll()
    {
        KillsAll = true;
        // After the mark: a greenlet that waits from now on finds it, one that waited before is in the registry.
        Interlocked.MemoryBarrier();
        if (CurrentGreenlet is { IsReady: false } current)
            current.Register();
        foreach (var greenlet in _registry.ToArray())
        {
            Notify(greenlet, static (listener, g) => listener.OnGreenletKilledAtStop(g));
            greenlet.KillFromOutside(NewStopException());
        }

        Dispatcher.Post(new DropUnbegunItem(Dispatcher));
    }

    /// <summary>What is thrown in a greenlet that has not ended in the time to drain.</summary>
    internal GreenletExitException NewStopException() => new($"{this} stops and the time to drain is over.");

    private async Task<bool> IsQuietWithin(TimeSpan time, CancellationToken cancellationToken)
    {
        if (time > _longestTimer)
            time = Timeout.InfiniteTimeSpan;
        var quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _quiet, quiet);
        LookIfQuiet();
        try
        {
            await quiet.Task.WaitAsync(time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
