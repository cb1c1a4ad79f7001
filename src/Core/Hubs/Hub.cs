namespace GreenletBridge;

/// <summary>Runs greenlets, one at a time, in the order in which they became ready.</summary>
/// <remarks>
/// A hub has no thread of its own: whichever thread holds its baton runs it. A greenlet that waits gives the baton up, in waits of
/// the hub as in waits of the runtime (Task.Wait, a contended lock, a semaphore). All members may be used from any thread.
/// </remarks>
/// <example><code>
/// using var hub = new Hub();
/// hub.Start();
/// var greenlet = hub.Spawn(() => client.Send(request));   // blocking code, as it is
/// await greenlet;
/// </code></example>
public sealed partial class Hub : IGreenletTarget, IDisposable, IAsyncDisposable
{
    private static readonly Lazy<Hub> _default = new(CreateDefault);

    private readonly GreenletRegistry _registry = new();
    private object? _companion;

    /// <summary>Creates a hub. Greenlets may be spawned at once; they run when it is started.</summary>
    /// <param name="options">Settings; copied. Null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range, or two contradict each other.</exception>
    /// <exception cref="InvalidOperationException">GREENLET_LOOP has an unknown value.</exception>
    public Hub(HubOptions? options = null)
        : this(options ?? new HubOptions(), shared: null)
    {
    }

    internal Hub(HubOptions options, SharedQueue? shared)
    {
        options.Validate();
        Options = options.Copy(options.Name);
        Loop = options.EffectiveLoop;
        CapturesStacks = options.CapturesStacks;
        Carriers = options.Carriers ?? CarrierPool.Shared;
        MaxBlockingTime = Options.MaxBlockingTime;
        KillGrace = Options.KillGrace;
        Watchdog = options.Watchdog ?? Watchdog.Shared;
        Dispatcher = new Dispatcher(new DispatcherOptions
        {
            Host = this,
            Carriers = Carriers,
            Loop = Loop,
            TimeProvider = Options.TimeProvider,
            Scheduler = options.Scheduler ?? System.Threading.Tasks.TaskScheduler.Default,
            HandsOff = options.EffectivePolicy == BlockingPolicy.HandOff,
            Shared = shared,
            Bell = Watchdog.Bell,
            Order = options.Order,
            CarrierStartFailed = error => Notify((Hub: this, error), static (listener, state) => listener.OnCarrierStartFailed(state.Hub, state.error)),
        });
        Delayed = new DelayedStarts(Dispatcher);
        _joins = new QuietSource(this);
        SynchronizationContext = new HubSynchronizationContext(this);
        TaskScheduler = new HubTaskScheduler(this);
        // Made here, where no greenlet waits for it.
        _ = CleanContext.Value;
    }

    /// <summary>The hub that runs the calling greenlet; null outside of one.</summary>
    public static Hub? Current => Greenlet.Current?.Hub;

    /// <summary>A hub for programs without hosting: made and started on first use, never stopped.</summary>
    public static Hub Default => _default.Value;

    /// <summary>Its name.</summary>
    public string Name => Options.Name;

    /// <summary>What drives it.</summary>
    public HubLoop Loop { get; }

    /// <summary>Runs what is posted to it on the hub, each in a greenlet of its own.</summary>
    public SynchronizationContext SynchronizationContext { get; }

    /// <summary>Runs Tasks on the hub, one at a time. Never current by itself: <c>TaskScheduler.Current</c> stays the default in greenlets.</summary>
    public TaskScheduler TaskScheduler { get; }

    Dispatcher IGreenletTarget.TimerDispatcher => Dispatcher;

    Hub IGreenletTarget.TimerHub => this;

    /// <summary>Greenlets that wait for the time of their start.</summary>
    internal DelayedStarts Delayed { get; }

    /// <summary>Async code that has blocked a thread that is no carrier.</summary>
    internal BlockingHistory BlockingHistory { get; } = new();

    internal HubOptions Options { get; }

    /// <summary>Room for one object of a layer above that belongs to the hub.</summary>
    internal ref object? Companion => ref _companion;

    internal Dispatcher Dispatcher { get; }

    internal Watchdog Watchdog { get; }

    internal CarrierPool Carriers { get; }

    /// <summary>Its name.</summary>
    public override string ToString() => $"hub \"{LineText.Of(Name)}\"";

    internal void Register(GreenletContext context)
    {
        _registry.Add(context);
        // What a greenlet leaves running may wait after its end, and nobody would take it off the list again.
        if (context.Greenlet.IsReady)
            _registry.Remove(context);
    }

    internal void ReportUnlessObserved(Greenlet greenlet) =>
        // Later: who spawned it may be about to wait for it.
        Dispatcher.Post(new FaultReport(Dispatcher.Clock.After(FaultReport.Patience), this, greenlet));

    internal void ReportUnhandled(Greenlet greenlet, Exception error) =>
        Notify((greenlet, error), static (listener, state) => listener.OnUnhandledException(state.greenlet, state.error));

    private static Hub CreateDefault()
    {
        var hub = new Hub(new HubOptions { Name = "default" });
        hub.Start();
        return hub;
    }
}
