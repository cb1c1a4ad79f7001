using System.Collections.Concurrent;
using System.Diagnostics;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>Makes the hubs of a test, waits for greenlets with a deadline that shows the hub, and looks for leaks at the end.</summary>
public abstract class HubTests : IDisposable
{
    // On a machine under load a short computation may take long: it must not lose its hub because of that.
    private static readonly TimeSpan _everComputing = TimeSpan.FromHours(1);

    private readonly List<Hub> _hubs = [];
    private readonly List<CarrierPool> _pools = [];
    private readonly ConcurrentQueue<Action> _cleanups = new();

    /// <summary>Both loops, as theory data.</summary>
    public static TheoryData<HubLoop> Loops { get; } = [HubLoop.Threads, HubLoop.Scheduler];

    /// <summary>Set by a test that leaves greenlets behind on purpose.</summary>
    protected bool LeavesGreenletsBehind { get; set; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        try
        {
            if (!LeavesGreenletsBehind)
                _hubs.ForEach(HasNothingLeft);
        }
        finally
        {
            foreach (var cleanup in _cleanups)
                cleanup();
            Deadline.Wait(Task.WhenAll(_hubs.Select(hub => hub.StopAsync(TimeSpan.Zero))), "the hubs' stop", Snapshots);
        }

        if (!LeavesGreenletsBehind)
        {
            foreach (var pool in _pools)
                Deadline.Wait(() => pool.Busy == 0, "every carrier to be given back", () => $"{pool.Busy} busy of {pool.Count}{Environment.NewLine}{Snapshots()}");
        }
    }

    /// <summary>A pool of the test's own, so that its carriers can be counted.</summary>
    protected CarrierPool NewPool(CarrierOptions? options = null)
    {
        var pool = new CarrierPool(options ?? new CarrierOptions { IdleTimeout = TimeSpan.FromSeconds(1) });
        _pools.Add(pool);
        return pool;
    }

    /// <summary>A hub that is not started.</summary>
    protected Hub NewHub(HubLoop loop = HubLoop.Threads, Action<HubOptions>? configure = null)
    {
        var options = new HubOptions { Loop = loop, Name = "test", MaxBlockingTime = _everComputing };
        configure?.Invoke(options);
        options.Carriers ??= NewPool();
        var hub = new Hub(options);
        _hubs.Add(hub);
        return hub;
    }

    /// <summary>A hub that runs.</summary>
    protected Hub StartHub(HubLoop loop = HubLoop.Threads, Action<HubOptions>? configure = null)
    {
        var hub = NewHub(loop, configure);
        hub.Start();
        return hub;
    }

    /// <summary>A hub that runs one segment at a time.</summary>
    protected Hub StartExclusive(HubLoop loop = HubLoop.Threads, Action<HubOptions>? configure = null) =>
        StartHub(loop, options =>
        {
            options.Exclusive = true;
            configure?.Invoke(options);
        });

    /// <summary>A group that runs; its hubs are looked after as the others are.</summary>
    protected HubGroup StartGroup(int count, HubLoop loop = HubLoop.Threads, Action<HubOptions>? configure = null)
    {
        var options = new HubOptions { Loop = loop, Name = "group", MaxBlockingTime = _everComputing };
        configure?.Invoke(options);
        options.Carriers ??= NewPool();
        var group = new HubGroup(count, options);
        _hubs.AddRange(group.Hubs);
        group.Start();
        return group;
    }

    /// <summary>Runs at the end, whatever comes: to release what a failed test holds.</summary>
    protected void AtEnd(Action cleanup) => _cleanups.Enqueue(cleanup);

    protected static void Ends(Greenlet greenlet, string? what = null)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        if (!greenlet.Join(Deadline.Default))
            throw new TimeoutException($"{what ?? "The end of"} {greenlet} did not come.{Environment.NewLine}{greenlet.Hub?.Snapshot()}");
    }

    protected static void Succeeds(params IEnumerable<Greenlet> greenlets)
    {
        foreach (var greenlet in greenlets.ToArray())
        {
            Ends(greenlet);
            greenlet.Get();
        }
    }

    protected static T Gives<T>(Greenlet<T> greenlet)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        Ends(greenlet);
        return greenlet.Get();
    }

    /// <summary>Waits until a greenlet waits; holds no baton meanwhile.</summary>
    protected static void Waits(Greenlet greenlet)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        Deadline.Wait(() => greenlet.Status == GreenletStatus.Waiting, $"{greenlet} to wait", () => $"{greenlet}{Environment.NewLine}{greenlet.Hub?.Snapshot()}");
    }

    /// <summary>On a greenlet: holds its hub until then, without any wait. A wait of the kind of SpinUntil sleeps, and who sleeps loses the hub.</summary>
    protected static void Computes(Func<bool> until)
    {
        ArgumentNullException.ThrowIfNull(until);
        var started = Stopwatch.GetTimestamp();
        while (!until() && Stopwatch.GetElapsedTime(started) < Deadline.Default)
            Thread.SpinWait(100);
    }

    /// <summary>Waits for an event and shows the hub if it does not come.</summary>
    protected static void Comes(ManualResetEventSlim gate, string what, Hub hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        Deadline.Wait(gate, what, () => hub.Snapshot().ToString());
    }

    /// <summary>Whether nothing keeps it any more.</summary>
    protected static bool IsCollected(Hub hub, WeakReference reference)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(reference);
        // Code that is not optimized keeps what it ran last in its frames: it is given something else.
        hub.Spawn(static () => { }).Join();
        GC.Collect();
        return !reference.IsAlive;
    }

    /// <summary>Whether the thread waits or sleeps; false while it is not known yet.</summary>
    protected static bool IsAsleep(Thread? thread) => thread?.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin) == true;

    private string Snapshots() => string.Join(Environment.NewLine, _hubs.Select(hub => hub.Snapshot()));

    private static void HasNothingLeft(Hub hub) =>
        Deadline.Wait(
            () => hub.Snapshot() is { Active: 0, Greenlets.Count: 0, Queued: 0 },
            $"{hub} to have nothing left",
            () => hub.Snapshot().ToString());
}
