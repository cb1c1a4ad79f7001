using System.Runtime.ExceptionServices;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>A hub whose every choice is the schedule's: which ready greenlet is next, and when what comes from outside comes.</summary>
/// <remarks>
/// The hub is on .NET's scheduler, which here is a queue that the world pumps on the test's thread, and its clock stands still. Async
/// segments run there; what needs a carrier runs while the world waits for it. So one schedule always runs alike.
/// </remarks>
internal sealed class World : IRunOrder
{
    // Far beyond any schedule of these tests: an endless one must end, too.
    private const int MostSteps = 20_000;

    private static readonly HubSnapshotOptions _counts = new() { Greenlets = false };

    private readonly Choices _choices;
    private readonly PumpScheduler _scheduler = new();
    private readonly List<(string Name, Action Action)> _outside = [];
    private readonly List<Greenlet> _greenlets = [];
    private readonly List<string> _log = [];
    private readonly List<Func<bool>> _settled = [];
    private readonly List<Hub> _hubs = [];
    private Action? _atRest;
    private ExceptionDispatchInfo? _error;
    private int _steps;
    private int _holder;

    public World(Choices choices)
    {
        _choices = choices;
        Hub = MakeHub("explored");
    }

    public Hub Hub { get; }

    public ManualTimeProvider Time { get; } = new();

    public IReadOnlyList<Greenlet> Greenlets => _greenlets;

    /// <summary>What happened, in order, for the report of a failure.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>A point in the order of things: each call gives a higher number.</summary>
    public int Now { get; private set; }

    /// <summary>Notes that something happened; its time.</summary>
    public int Note(string what)
    {
        using var turn = new Turn(this);
        _log.Add(what);
        return Now++;
    }

    /// <summary>One of so many, by the schedule.</summary>
    public int Pick(int count)
    {
        using var turn = new Turn(this);
        return _choices.Next(count);
    }

    /// <summary>One more hub, explored like the first.</summary>
    public Hub MakeHub(string name)
    {
        var hub = new Hub(new HubOptions
        {
            Name = name,
            Loop = HubLoop.Scheduler,
            Scheduler = _scheduler,
            TimeProvider = Time,
            Order = this,
            Watchdog = new Watchdog(hasThread: false),
            MaxBlockingTime = TimeSpan.FromHours(1),
        });
        hub.Start();
        _hubs.Add(hub);
        return hub;
    }

    public Greenlet Spawn(string name, Func<Task> body)
    {
        var greenlet = Hub.Create(body);
        greenlet.Name = name;
        greenlet.Start();
        Adopt(greenlet);
        return greenlet;
    }

    /// <summary>As <see cref="Spawn"/>, with a blocking body: only waits of the hub are explored in it. It is started at any time, from outside.</summary>
    public Greenlet SpawnBlocking(string name, Action body)
    {
        var greenlet = Hub.Create(body);
        greenlet.Name = name;
        Adopt(greenlet);
        Outside($"start {name}", () =>
        {
            try
            {
                greenlet.Start();
            }
            catch (HubStoppedException)
            {
                Note($"{name} refused");
                greenlet.Kill();
            }
        });
        return greenlet;
    }

    /// <summary>A greenlet that the program has made by itself: the world runs until it has ended, too, and it must not fail.</summary>
    public void Adopt(Greenlet greenlet) => _greenlets.Add(greenlet);

    /// <summary>What goes on beside the hubs, on the thread pool: before anything else happens this holds.</summary>
    public void Settles(Func<bool> isSettled) => _settled.Add(isSettled);

    /// <summary>Something that comes once, from outside, at any time.</summary>
    public void Outside(string name, Action action) => _outside.Add((name, action));

    /// <summary>Done once when nothing more can happen and greenlets still wait: what lets them end.</summary>
    public void AtRest(Action action) => _atRest = action;

    /// <summary>Runs until everything has ended.</summary>
    /// <exception cref="InvalidOperationException">Something waits that nothing can wake any more.</exception>
    public void Run()
    {
        // The schedule is asked for every greenlet's start, too.
        while (true)
        {
            AwaitCarriers();
            _error?.Throw();
            if (!_scheduler.IsEmpty || _outside.Count > 0)
            {
                Step();
                continue;
            }

            if (_greenlets.TrueForAll(static greenlet => greenlet.IsReady) && _hubs.TrueForAll(static hub => hub.Snapshot(_counts).Active == 0))
                break;
            if (Time.NextDue is { } due)
            {
                Time.Advance(due);
                continue;
            }

            if (_atRest is { } action)
            {
                _atRest = null;
                Note("at rest");
                action();
                continue;
            }

            throw new InvalidOperationException($"Nothing can wake what waits:{Environment.NewLine}{string.Join(Environment.NewLine, _hubs.Select(static hub => hub.Snapshot()))}");
        }
    }

    int IRunOrder.Choose(int ready)
    {
        using var turn = new Turn(this);
        try
        {
            while (true)
            {
                CountStep();
                var choice = _choices.Next(ready + _outside.Count);
                if (choice < ready)
                    return choice;
                Come(choice - ready);
            }
        }
        catch (Exception error)
        {
            // Not into the thread that holds the baton, which would lose it: the world's own thread throws it.
            _error ??= ExceptionDispatchInfo.Capture(error);
            return 0;
        }
    }

    private void Step()
    {
        CountStep();
        var choice = _choices.Next(_outside.Count + _scheduler.Count);
        if (choice >= _outside.Count)
        {
            _scheduler.Run(choice - _outside.Count);
            return;
        }

        using var turn = new Turn(this);
        Come(choice);
    }

    // Blocking bodies (links and callbacks have one) run on a carrier, one after the other as all else: their hub is busy until then.
    private void AwaitCarriers()
    {
        var spin = new SpinWait();
        while (!IsCalm() && _error is null && spin.Count < 1_000)
            spin.SpinOnce(sleep1Threshold: -1);
        if (!IsCalm() && _error is null)
            Deadline.Wait(() => _error is not null || IsCalm(), "the carriers", () => string.Join(Environment.NewLine, _hubs.Select(static hub => hub.Snapshot())));
    }

    private bool IsCalm()
    {
        Func<bool>[] settled;
        using (new Turn(this))
            settled = [.. _settled];
        if (!Array.TrueForAll(settled, static isSettled => isSettled()))
            return false;

        // First: a timer that is set for a time that has come fires on the thread pool, and kicks a hub.
        if (!Time.IsSettled)
            return false;
        // A hub that waits for its turn of the pump is busy, too: with several hubs each has at most one entry there.
        var busy = 0;
        foreach (var hub in _hubs)
            busy += hub.Dispatcher.IsAtRest ? 0 : 1;
        return busy <= _scheduler.Count && !_greenlets.Exists(IsHeldUp);
    }

    // By a lock of the runtime's, such as that of an exception's text, which other tests take as well: its hub rests meanwhile.
    private static bool IsHeldUp(Greenlet greenlet) =>
        greenlet.Status == GreenletStatus.Running || greenlet.WaitingFor?.Contains("the runtime", StringComparison.Ordinal) == true;

    private void Come(int index)
    {
        var (name, action) = _outside[index];
        _outside.RemoveAt(index);
        Note(name);
        // A thread that parks may have asked, and is inside of its greenlet still; what comes, comes from somewhere else.
        var owner = WaitOwner.Current;
        var context = SynchronizationContext.Current;
        WaitOwner.Current = null;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        catch (Exception error)
        {
            // Not into the hub, which asked for the next entry and expects no error.
            _error ??= ExceptionDispatchInfo.Capture(error);
        }
        finally
        {
            WaitOwner.Current = owner;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void CountStep()
    {
        if (++_steps > MostSteps)
            throw new InvalidOperationException($"No end after {MostSteps} steps:{Environment.NewLine}{Hub.Snapshot()}");
    }

    // A carrier that was kicked by what comes from outside goes on when that has come entirely. No lock of .NET's: the thread may be in a
    // greenlet's context. What comes may kick the hub on its own thread.
    private readonly ref struct Turn
    {
        private readonly World? _world;

        public Turn(World world)
        {
            var self = Environment.CurrentManagedThreadId;
            if (Volatile.Read(ref world._holder) == self)
                return;
            var spin = new SpinWait();
            while (Interlocked.CompareExchange(ref world._holder, self, 0) != 0)
                spin.SpinOnce(sleep1Threshold: -1);
            _world = world;
        }

        public void Dispose()
        {
            if (_world is { } world)
                Volatile.Write(ref world._holder, 0);
        }
    }
}
