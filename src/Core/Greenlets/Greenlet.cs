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
public partial class Greenlet : WorkItem, IWaitOwner, IGreenletWaitable
{
    // Past the public ones: the end has been decided and is being written down.
    private const int Ending = 7;

    private static long _lastId;

    private readonly Body _body;
    private readonly WeakReference<Greenlet>? _spawner;
    private Delegate? _code;
    private IGreenletTarget _target;
    private GreenletContext? _context;
    private ExecutionContext? _executionContext;
    private Exception? _exception;
    private GreenletDetails? _details;
    private int _status;

    internal Greenlet(IGreenletTarget target, Body body, Delegate code)
    {
        _target = target;
        _body = body;
        _code = code;
        if (Current is { } spawner)
        {
            _spawner = spawner.Details.Self ??= new WeakReference<Greenlet>(spawner);
            IsChild = true;
        }

        NoteSpawned();
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
            var details = Details;
            if (Volatile.Read(ref details.Id) == 0)
                Interlocked.CompareExchange(ref details.Id, Interlocked.Increment(ref _lastId), 0);
            return Volatile.Read(ref details.Id);
        }
    }

    /// <summary>A name for people; null by default.</summary>
    public string? Name
    {
        get => _details?.Name ?? Profile?.Name;
        set => Details.Name = value;
    }

    /// <summary>Anything its creator wants to find again in a snapshot or a report; null by default.</summary>
    public object? Tag
    {
        get => _details?.Tag ?? Profile?.Name;
        set => Details.Tag = value;
    }

    /// <summary>The hub that runs it; null while a group has not yet chosen one.</summary>
    public Hub? Hub => _target as Hub;

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

    IWaitSource IGreenletWaitable.WhenReady => new JoinSource(this);

    Dispatcher IWaitOwner.Dispatcher => Dispatcher;

    HookedContext IWaitOwner.Context => _context!;

    // Work of a known kind (requests) is independent of each other; a turn would only cost it a switch.
    bool IWaitOwner.WantsTurn => Profile is null;

    internal Dispatcher Dispatcher => _target.TimerDispatcher;

    /// <summary>Whether it needs a thread of its own while it waits.</summary>
    internal bool IsBlocking => _body.IsBlocking;

    /// <summary>The thread of <c>hub.Run</c>, on which its segments run; null for any other greenlet.</summary>
    internal Runner? Home
    {
        get => _details?.Home;
        set => Details.Home = value;
    }

    // Async code that has blocked once is blocking code to the scheduler's threads, and so is a known kind of work until it has proved short:
    // on a thread of the scheduler no kill could wake it.
    internal override bool RunsOnScheduler => !_body.IsBlocking && Profile is null or { RunsInPlace: true, HasBlocked: false } && !(UserCode is { } code && Hub is { } hub && hub.BlockingHistory.Contains(code));

    internal override bool Begins => true;

    internal override bool StartsDetached() =>
        Profile is { } profile ? profile.StartsDetached() : UserCode is { } code && Hub is { } hub && hub.BlockingHistory.Unseen(code)?.StartsDetached() == true;

    internal override bool TryDrop() => !RunsAtStop && Kill((Hub ?? _target.TimerHub).NewStopException());

    internal override Runner? Target => Home is { IsHome: true } home ? home : null;

    /// <summary>The exception it ended with, a kill's too.</summary>
    internal Exception? EndException => _exception;

    /// <summary>Whether it was made by another greenlet or on behalf of one: such work is not held back by the cap on carriers.</summary>
    internal bool IsChild { get; init; }

    /// <summary>Whether it runs even where everything is killed: what was posted, or told of an end, must not be lost.</summary>
    internal bool RunsAtStop { get; init; }

    /// <summary>The kind of work it is; null when its creator did not say.</summary>
    internal WorkProfile? Profile => Trust?.Profile;

    /// <summary>Whether work of its kind may run on the thread that asks for it; null: nobody asked.</summary>
    internal PlaceTrust? Trust { get; init; }

    /// <summary>What kind of work it is, in words: its endpoint or such, else the method of its body.</summary>
    internal string WorkName => Profile?.Name ?? (UserCode?.Method is { } method ? MethodText.Of(method) : "greenlet");

    private protected virtual object? BoxedValue => null;

    private GreenletDetails Details =>
        _details ?? Interlocked.CompareExchange(ref _details, new GreenletDetails(), null) ?? _details;

    /// <summary>Its number, name and status.</summary>
    /// <remarks>One line, whatever is in the name: what could end the line is written as \uXXXX.</remarks>
    public override string ToString() => Name is { } name ? $"greenlet {Id} \"{LineText.Of(name)}\" ({Status})" : $"greenlet {Id} ({Status})";
}
