using System.Diagnostics;

namespace GreenletBridge;

/// <summary>What the watchdog knows of one hub's baton. The watchdog's thread only.</summary>
internal sealed class WatchedBaton(IWatchedHub hub, ThreadProbe probe)
{
    // Two looks at the same segment, this far apart, before anything is done about it.
    private static readonly long _apart = Stopwatch.Frequency / 1_000;

    private readonly Dispatcher _dispatcher = hub.Dispatcher;
    private Runner? _holder;
    private long _segment;
    private long _since;
    private long _trustedSince;
    private TimeSpan _pauses;
    private bool _isReported;
    private bool _mayLend;
    private long _blockedSince;

    internal IWatchedHub Hub => hub;

    internal bool IsHeld => _dispatcher.IsBusy;

    /// <summary>Looks at the holder, and takes the baton from one that is blocked. Whether there is one.</summary>
    /// <param name="now">A Stopwatch timestamp.</param>
    /// <param name="isTrusted">False when the watchdog itself was held up: what it saw before tells nothing.</param>
    internal bool Look(long now, bool isTrusted)
    {
        if (!_dispatcher.IsBusy)
        {
            _holder = null;
            return false;
        }

        var holder = _dispatcher.Holder;
        var segment = holder?.SegmentWord ?? 0;
        if (holder is null || Runner.StateOf(segment) != SegmentState.Running || holder.Dispatcher != _dispatcher)
        {
            _holder = null;
            return true;
        }

        // A collection stops every thread: one that stood still then is not blocked.
        var pauses = GC.GetTotalPauseDuration();
        if (holder != _holder || segment != _segment)
        {
            (_holder, _segment, _since, _trustedSince, _pauses, _isReported, _mayLend) = (holder, segment, now, now, pauses, false, false);
        }
        else if (!isTrusted || pauses != _pauses)
        {
            (_trustedSince, _pauses, _blockedSince) = (now, pauses, 0);
        }
        else if (now - _trustedSince >= _apart && _mayLend)
        {
            Lend(holder, segment, now);
        }
        else if (now - _trustedSince >= _apart && !_isReported)
        {
            Judge(holder, segment, isLong: Stopwatch.GetElapsedTime(_since, now) >= hub.MaxBlockingTime);
        }

        return true;
    }

    private void Judge(Runner holder, long segment, bool isLong)
    {
        if (!isLong && !_dispatcher.HandsOff)
            return;
        var isBlocked = probe.IsBlocked(holder);
        if ((!isLong && !isBlocked) || GC.GetTotalPauseDuration() != _pauses || holder.Occupant is not { } occupant)
            return;
        _isReported = true;
        var held = hub.NoteHeld(occupant, holder, isBlocked, _since);
        // Before the baton goes: once others run, the holder may come to its end at once.
        if (!holder.TryWatchEnd(segment, held))
            return;
        var lends = !_dispatcher.HandsOff && isBlocked && hub.Lends;
        if (!_dispatcher.HandsOff && !lends)
        {
            held.Report(isHandedOff: false);
            (_mayLend, _blockedSince) = (hub.Lends && !isBlocked, 0);
        }
        else if (_dispatcher.TryDetach(holder, segment, lends))
            held.Report(isHandedOff: true);
    }

    /// <summary>It was found computing; by now it may block for what has begun and cannot go on without the hub.</summary>
    private void Lend(Runner holder, long segment, long now)
    {
        if (!probe.IsBlocked(holder) || GC.GetTotalPauseDuration() != _pauses)
        {
            _blockedSince = 0;
            return;
        }

        // All of that time: code that computes for long has its short waits, too.
        if (_blockedSince == 0)
            _blockedSince = now;
        if (Stopwatch.GetElapsedTime(_blockedSince, now) < hub.MaxBlockingTime)
            return;
        _mayLend = false;
        _dispatcher.TryDetach(holder, segment, lends: true);
    }
}
