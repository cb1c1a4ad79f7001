using System.Runtime.ExceptionServices;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>A hub whose every choice is the schedule's: which ready greenlet is next, and when what comes from outside comes.</summary>
/// <remarks>
/// The hub is on .NET's scheduler, which here is a queue that the world pumps on the test's thread, its clock stands still, and
/// greenlets have async bodies; what needs a carrier runs while the world waits. So one schedule always runs alike.
/// </remarks>
internal sealed class World : IRunOrder
{
    // Far beyond any schedule of these tests: an endless one must end, too.
    private const int MostSteps = 20_000;

    private readonly Choices _choices;
    private readonly PumpScheduler _scheduler = new();
    private readonly List<(string Name, Action Action)> _outside = [];
    private readonly List<Greenlet> _greenlets = [];
    private readonly List<string> _log = [];
    private Action? _atRest;
    private ExceptionDispatchInfo? _error;
    private int _steps;

    public World(Choices choices)
    {
        _choices = choices;
        Hub = new Hub(new HubOptions
        {
            Name = "explored",
            Loop = HubLoop.Scheduler,
            Scheduler = _scheduler,
            TimeProvider = Time,
            Order = this,
            Watchdog = new Watchdog(hasThread: false),
            MaxBlockingTime = TimeSpan.FromHours(1),
        });
        Hub.Start();
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
        _log.Add(what);
        return Now++;
    }

    /// <summary>One of so many, by the schedule.</summary>
    public int Pick(int count) => _choices.Next(count);

    public Greenlet Spawn(string name, Func<Task> body)
    {
        var greenlet = Hub.Create(body);
        greenlet.Name = name;
        greenlet.Start();
        _greenlets.Add(greenlet);
        return greenlet;
    }

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
            _error?.Throw();
            AwaitCarriers();
            if (!_scheduler.IsEmpty || _outside.Count > 0)
            {
                Step();
                continue;
            }

            if (_greenlets.TrueForAll(static greenlet => greenlet.IsReady))
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

            throw new InvalidOperationException($"Nothing can wake what waits:{Environment.NewLine}{Hub.Snapshot()}");
        }
    }

    int IRunOrder.Choose(int ready)
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

    private void Step()
    {
        CountStep();
        var choice = _choices.Next(_outside.Count + (_scheduler.IsEmpty ? 0 : 1));
        if (choice < _outside.Count)
            Come(choice);
        else
            _scheduler.RunOne();
    }

    // Links and callbacks have blocking bodies, which run on a carrier, one after the other as all else: the hub is busy until then.
    private void AwaitCarriers() =>
        Deadline.Wait(() => !_scheduler.IsEmpty || !Hub.Dispatcher.IsBusy, "the carriers", () => Hub.Snapshot().ToString());

    private void Come(int index)
    {
        var (name, action) = _outside[index];
        _outside.RemoveAt(index);
        Note(name);
        try
        {
            action();
        }
        catch (Exception error)
        {
            // Not into the hub, which asked for the next entry and expects no error.
            _error ??= ExceptionDispatchInfo.Capture(error);
        }
    }

    private void CountStep()
    {
        if (++_steps > MostSteps)
            throw new InvalidOperationException($"No end after {MostSteps} steps:{Environment.NewLine}{Hub.Snapshot()}");
    }
}
