using System.Diagnostics;

namespace GreenletBridge;

/// <summary>Looks at who holds the batons: one thread a process, which sleeps while all of them are free.</summary>
/// <remarks>
/// What blocks where the wait hook is not called for (a sleep, a file, a plain socket, native code) and what computes for long
/// holds up its hub; nobody but another thread can see that. It looks once a millisecond while hubs are busy: two looks tell.
/// </remarks>
internal sealed class Watchdog
{
    private static readonly long _interval = Stopwatch.Frequency / 1_000;

    // So long after the last held baton it goes to sleep; the next one that is taken costs a wake-up.
    private static readonly long _lingers = Stopwatch.Frequency / 50;

    // Later than this, the machine or the process stood still, and so may have those that are looked at.
    private static readonly long _heldUp = Stopwatch.Frequency / 50;

    private readonly ThreadProbe _probe;
    private readonly Lock _lock = new();
    private WatchedBaton[] _batons = [];
    private long _lastLook;
    private bool _isStarted;
    private bool _saidLimited;

    internal Watchdog(ThreadProbe? probe = null, bool hasThread = true)
    {
        _probe = probe ?? ThreadProbe.Shared;
        _isStarted = !hasThread;
    }

    /// <summary>The one of the process.</summary>
    internal static Watchdog Shared { get; } = new();

    /// <summary>Rung by every dispatcher that takes its baton.</summary>
    internal WatchBell Bell { get; } = new();

    /// <exception cref="InvalidOperationException">Its thread cannot be started.</exception>
    internal void Add(IWatchedHub hub)
    {
        bool starts;
        bool saysLimited;
        lock (_lock)
        {
            _batons = [.. _batons, new WatchedBaton(hub, _probe)];
            starts = !_isStarted;
            _isStarted = true;
            saysLimited = !_probe.SeesKernel && !_saidLimited;
            _saidLimited |= saysLimited;
        }

        if (saysLimited)
            hub.NoteLimitedWatch();
        if (starts)
            StartThread();
        Bell.Ring();
    }

    /// <summary>How its thread is started: what a test replaces to have it fail.</summary>
    internal Action<Thread> Starter { get; set; } = static thread => thread.UnsafeStart();

    private void StartThread()
    {
        try
        {
            Starter(new Thread(Main) { IsBackground = true, Name = "greenlet watchdog" });
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // The next hub that starts tries again.
            lock (_lock)
                _isStarted = false;
            throw new InvalidOperationException("A hub cannot start: no thread can be created for its watchdog.", e);
        }
    }

    internal void Remove(IWatchedHub hub)
    {
        lock (_lock)
        {
            _batons = Array.FindAll(_batons, baton => baton.Hub != hub);
        }
    }

    /// <summary>One look at every baton; the watchdog's own thread, or a test that has none. Whether any is held.</summary>
    internal bool Look(long now)
    {
        // Somebody steps through the code: everything stands still for as long as they like.
        var isTrusted = now - _lastLook < _heldUp && !Debugger.IsAttached;
        _lastLook = now;
        var isAnyHeld = false;
        foreach (var baton in Volatile.Read(ref _batons))
            isAnyHeld |= baton.Look(now, isTrusted);
        return isAnyHeld;
    }

    private void Main()
    {
        var held = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = Stopwatch.GetTimestamp();
            if (Look(now))
                held = now;
            if (now - held < _lingers)
            {
                Bell.WaitUntil(now + _interval);
                continue;
            }

            Bell.WaitForRing(IsAnyHeld);
            held = _lastLook = Stopwatch.GetTimestamp();
        }
    }

    private bool IsAnyHeld() => Array.Exists(Volatile.Read(ref _batons), static baton => baton.IsHeld);
}
