namespace GreenletBridge;

/// <summary>A unit of cooperative work: it has an identity, can be waited for, linked to and killed.</summary>
/// <remarks>
/// Made by <c>hub.Spawn</c>, <c>hub.Create</c> and the conversions of <see cref="IGreenletBridge"/>.
/// Every member may be used from any thread unless it says otherwise.
/// </remarks>
/// <example><code>
/// var greenlet = hub.Spawn(() => Download(url));   // blocking code, as it is
/// greenlet.Join();
/// </code></example>
public partial class Greenlet : IWaitOwner
{
    // Past the public ones: the end has been decided and is being written down.
    private const int Ending = 7;

    private static long _lastId;

    private readonly Body _body;
    private readonly IGreenletTarget _target;
    private readonly WeakReference<Greenlet>? _spawner;
    private WeakReference<Greenlet>? _self;
    private GreenletContext? _context;
    private ExecutionContext? _executionContext;
    private Hub? _hub;
    private string? _name;
    private Exception? _exception;
    private long _id;
    private int _status;

    internal Greenlet(IGreenletTarget target, Body body)
    {
        _target = target;
        _hub = target as Hub;
        _body = body;
        body.Greenlet = this;
        if (Current is { } spawner)
            _spawner = spawner._self ??= new WeakReference<Greenlet>(spawner);
    }

    /// <summary>The greenlet whose code the calling thread runs, null outside of one.</summary>
    /// <value>Null also after <c>ConfigureAwait(false)</c> and inside <c>Task.Run</c>: that code runs on the thread pool.</value>
    public static Greenlet? Current => (Greenlet?)WaitOwner.Current;

    /// <summary>Its number, unique in the process and never used again.</summary>
    public long Id
    {
        get
        {
            // On first use only: most greenlets are never asked.
            if (Volatile.Read(ref _id) == 0)
                Interlocked.CompareExchange(ref _id, Interlocked.Increment(ref _lastId), 0);
            return Volatile.Read(ref _id);
        }
    }

    /// <summary>A name for people; null by default.</summary>
    public string? Name
    {
        get => Volatile.Read(ref _name);
        set => Volatile.Write(ref _name, value);
    }

    /// <summary>Anything its creator wants to find again in a snapshot or a report; null by default.</summary>
    public object? Tag { get; set; }

    /// <summary>The hub that runs it; null while a group has not yet chosen one.</summary>
    public Hub? Hub => _hub;

    /// <summary>Where it is in its life.</summary>
    public GreenletStatus Status
    {
        get
        {
            var status = Volatile.Read(ref _status);
            return status == Ending ? GreenletStatus.Running : (GreenletStatus)status;
        }
    }

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool IsReady => Status >= GreenletStatus.Completed;

    /// <summary>Whether it ended with its value.</summary>
    public bool IsSuccessful => Status == GreenletStatus.Completed;

    /// <summary>Its value when it completed, the <see cref="GreenletExitException"/> when it was killed, else null.</summary>
    public object? Value => Status switch
    {
        GreenletStatus.Completed => BoxedValue,
        GreenletStatus.Killed => _exception,
        _ => null,
    };

    /// <summary>The exception it failed with; null while it runs, when it completed and when it was killed.</summary>
    public Exception? Exception
    {
        get
        {
            if (Status != GreenletStatus.Faulted)
                return null;
            _observed = true;
            return _exception;
        }
    }

    /// <summary>The greenlet that made it; null when none did or when that one is gone.</summary>
    public Greenlet? SpawningGreenlet => _spawner is not null && _spawner.TryGetTarget(out var spawner) ? spawner : null;

    Dispatcher IWaitOwner.Dispatcher => Dispatcher;

    internal Dispatcher Dispatcher => _hub?.Dispatcher ?? _target.TimerDispatcher;

    internal Body Body => _body;

    /// <summary>The thread of <c>hub.Run</c>, on which its segments run; null for any other greenlet.</summary>
    internal Runner? Home { get; set; }

    /// <summary>The exception it ended with, a kill's too.</summary>
    internal Exception? EndException => _exception;

    /// <summary>Whether it was made by another greenlet or on behalf of one: such work is not held back by the cap on carriers.</summary>
    internal bool IsChild { get; init; } = Current is not null;

    private protected virtual object? BoxedValue => null;

    /// <summary>Its number, name and status.</summary>
    public override string ToString() => Name is { } name ? $"greenlet {Id} \"{name}\" ({Status})" : $"greenlet {Id} ({Status})";
}
