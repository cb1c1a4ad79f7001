using System.Diagnostics;

namespace GreenletBridge;

/// <summary>Runs items one at a time: the queues, the timers and the baton of one hub. Knows nothing of greenlets.</summary>
/// <remarks>
/// The baton is free or held. Everybody posts to the inbox; who then finds the baton free takes it and passes it on to a thread
/// with the first item. Who lets it go looks at the inbox once more. So nothing that was posted is ever left lying, and an idle
/// hub costs nothing. All other fields belong to the baton's holder.
/// </remarks>
internal sealed partial class Dispatcher
{
    private const int Free = 0;
    private const int Held = 1;

    // Un-begun work of the group is looked at once in so many ready entries, so that neither starves the other.
    private const int SharedEvery = 8;

    // Timers are looked at once in so many items while there is always something to run.
    private const int TimersEvery = 16;

    private readonly Loop _loop;
    private readonly CarrierPool _pool;
    private readonly SharedQueue? _shared;
    private readonly WatchBell? _bell;
    private readonly IRunOrder? _order;
    private readonly TimerQueue _timers = new();
    private Inbox _inbox;
    private WorkQueue _returns;
    private WorkQueue _ready;
    private WorkQueue _held;
    private WorkQueue _stranded;
    private WorkQueue _postponed;
    private WorkQueue _idle;
    // Held by nobody until the hub starts: what is posted before waits.
    private int _baton = Held;
    private int _tick;
    private int _sinceShared;
    private int _sinceTimers;
    private Action? _onIdle;
    private int _startedAtFailure = -1;

    internal Dispatcher(DispatcherOptions options)
    {
        _pool = options.Carriers;
        _shared = options.Shared;
        _bell = options.Bell;
        _order = options.Order;
        HandsOff = options.HandsOff;
        Clock = new HubClock(options.TimeProvider);
        Host = options.Host;
        CarrierStartFailed = options.CarrierStartFailed;
        _loop = options.Loop == HubLoop.Threads
            ? new ThreadLoop(this, _pool, Clock)
            : new SchedulerLoop(this, _pool, Clock, options.Scheduler);
    }

    internal HubClock Clock { get; }

    /// <summary>Whose dispatcher it is; opaque here.</summary>
    internal object Host { get; }

    internal CarrierPool Carriers => _pool;

    /// <summary>Whether a segment may go on without the baton rather than hold up others.</summary>
    internal bool HandsOff { get; }

    /// <summary>Items that wait to be run, as an estimate; without the group's.</summary>
    internal int Queued => _inbox.Count + _returns.Count + _ready.Count + _held.Count + _stranded.Count + _postponed.Count;

    /// <summary>Whether anybody holds the baton.</summary>
    internal bool IsBusy => Volatile.Read(ref _baton) == Held;

    /// <summary>Whether nobody holds the baton and nobody is about to: between its release and the look that follows, it is free with work at hand.</summary>
    internal bool IsAtRest => !HasWork(null) && !IsBusy;

    private Action<Exception>? CarrierStartFailed { get; }

    /// <summary>The group's work that has not begun, as long as it is for this dispatcher to begin.</summary>
    private SharedQueue? Shared => _shared is { } shared && (!IsLeaving || shared.IsLeftByAll) && !IsOut ? shared : null;

    /// <summary>Any thread: has the item run by whoever gets to it, after everything posted before it.</summary>
    internal void Post(WorkItem item)
    {
        // The push is a full fence, so a baton that is read as held was held after the item could be seen.
        _inbox.Push(item);
        Kick();
    }

    /// <summary>Any thread: if the baton is free, sees to it that somebody looks for work.</summary>
    internal void Kick() => TryKick();

    /// <summary>Once: lets the baton go for the first time.</summary>
    internal void Start()
    {
        _busySince = Stopwatch.GetTimestamp();
        Pass(null);
    }

    /// <summary>Kicks the dispatcher if nobody holds its baton. Whether it did.</summary>
    internal bool TryKick()
    {
        if (Volatile.Read(ref _baton) != Free || !TryTake())
            return false;
        Pass(null);
        return true;
    }

    /// <summary>A timer says that a due time has come.</summary>
    internal void Tick()
    {
        Interlocked.Exchange(ref _tick, 1);
        Kick();
    }

    /// <summary>The baton's holder. Told once, until a thread could be started again: there is a new try every moment.</summary>
    internal void NoteCarrierStartFailed(Exception error)
    {
        if (_startedAtFailure == _pool.Started)
            return;
        _startedAtFailure = _pool.Started;
        CarrierStartFailed?.Invoke(error);
    }

    /// <summary>Whether something was posted that nobody has looked at yet.</summary>
    internal bool HasPosted => !_inbox.IsEmpty;

    /// <summary>Runs <paramref name="action"/> once when nothing is queued and the baton is about to be let go. It must not block.</summary>
    internal void NotifyIdle(Action action)
    {
        Interlocked.Exchange(ref _onIdle, action);
        Post(new WatchItem());
    }

    private bool TryTake()
    {
        if (Interlocked.CompareExchange(ref _baton, Held, Free) != Free)
            return false;
        _busySince = Stopwatch.GetTimestamp();
        _bell?.Ring();
        return true;
    }

    /// <summary>The holder gives the baton to whoever is next.</summary>
    /// <param name="self">The calling thread if it parks after this, null when it goes elsewhere.</param>
    /// <returns>Whether the caller itself is next: it holds the baton still.</returns>
    private bool Pass(Runner? self)
    {
        var hasThreads = true;
        while (true)
        {
            var item = Next(self, hasThreads);
            if (item is null)
            {
                if (TryLetGo(self, out _))
                    return false;
                hasThreads = true;
                continue;
            }

            if (item.Kind is WorkKind.Turn or WorkKind.Idle)
            {
                item.Run(self!);
                continue;
            }

            var target = item.Target;
            if (target is not null)
            {
                if (target == self)
                {
                    _loop.StopWatching(target);
                    return true;
                }

                Hand(target, item);
                return false;
            }

            if (_loop.TryDispatch(item))
                return false;
            // No thread can be had. Begun threads that come back still get the baton directly; the rest waits for a carrier.
            _stranded.Enqueue(item);
            hasThreads = false;
        }
    }

    private void Hand(Runner target, WorkItem item)
    {
        // All before the baton goes: with it the target may be a watcher again at once.
        if (_loop.IsWatcher(target))
        {
            // A watcher that sees it is none any more must see why.
            target.Choose();
            _loop.StopWatching(target);
        }

        target.Assign(item);
    }

    /// <summary>Lets the baton go. False when there is work after all: the caller holds it still.</summary>
    private bool TryLetGo(Runner? self, out bool watches)
    {
        watches = false;
        var due = _timers.NextDue;
        if (!_loop.TrySetAlarm(due, self))
        {
            if (_stranded.IsEmpty)
            {
                // Nobody watches the time and the caller cannot: a carrier is woken for it. It will let go in its turn.
                _ready.Enqueue(new WatchItem());
                return false;
            }

            _loop.SetAlarmWithoutThread(due);
        }

        var starved = !_held.IsEmpty || !_stranded.IsEmpty || !_postponed.IsEmpty || Shared is { IsEmpty: false };
        if (starved)
            _pool.AddStarved(this);
        // Before the release: afterwards another holder may end the watch by giving this thread an item.
        watches = self is not null && _loop.IsWatcher(self);
        AccountIdle();
        // Before the release: right after it somebody may begin what counts.
        if (_onIdle is not null && !starved)
            Interlocked.Exchange(ref _onIdle, null)?.Invoke();
        Interlocked.Exchange(ref _baton, Free);
        // A full fence lies between the release and this look: who posted before it either saw the baton free or is seen here.
        return !HasWork(self) || !TryTake();
    }

    private bool HasWork(Runner? self) =>
        !_inbox.IsEmpty || Volatile.Read(ref _tick) != 0
        || (_stranded.Count > 0 && _pool.Idle > 0)
        || (_postponed.Count > 0 && MayBegin)
        || ((_held.Count > 0 || Shared is { IsEmpty: false }) && MayHaveThread(self) && HasAdmissible(self));

    private bool HasAdmissible(Runner? self)
    {
        if (!MayBegin)
            return false;
        var admits = _pool.Admits(hasCarrier: self is { IsIdle: true, IsCarrier: true });
        return (admits && _held.Count > 0) || Shared?.HasFor(admits) == true;
    }

    // What is stranded comes first and finds no thread: to look again and again for one would take the caller for as long as there is none.
    private bool MayHaveThread(Runner? self) => _stranded.Count == 0 || _pool.Idle > 0 || self is { IsIdle: true, IsCarrier: true };
}
