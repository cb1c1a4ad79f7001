using System.Diagnostics;

namespace GreenletBridge;

/// <content>How busy it is.</content>
internal sealed partial class Dispatcher
{
    /// <summary>When the hub was made, a Stopwatch timestamp.</summary>
    private readonly long _created = Stopwatch.GetTimestamp();
    private long _busySince;
    private long _busyTotal;
    private long _segmentStart;

    /// <summary>Share of its life in which the hub had something to run, 0 to 1.</summary>
    internal double Load
    {
        get
        {
            var now = Stopwatch.GetTimestamp();
            return Math.Clamp(BusyTicks(now) / Math.Max(1.0, now - _created), 0, 1);
        }
    }

    /// <summary>How long it has had something to run, in all.</summary>
    internal TimeSpan BusyTime => Stopwatch.GetElapsedTime(0, BusyTicks(Stopwatch.GetTimestamp()));

    /// <summary>How long ago it was made.</summary>
    internal TimeSpan Age => Stopwatch.GetElapsedTime(_created);

    /// <summary>How long the current segment has held the baton; some milliseconds coarse.</summary>
    internal TimeSpan BusyFor
    {
        get
        {
            var start = Volatile.Read(ref _segmentStart);
            return IsBusy && start != 0 ? TimeSpan.FromMilliseconds(Math.Max(0, Environment.TickCount64 - start)) : TimeSpan.Zero;
        }
    }

    private long BusyTicks(long now) =>
        Volatile.Read(ref _busyTotal) + (IsBusy ? Math.Max(0, now - Volatile.Read(ref _busySince)) : 0);

    private void AccountIdle()
    {
        Volatile.Write(ref _busyTotal, _busyTotal + Stopwatch.GetTimestamp() - _busySince);
        Volatile.Write(ref _segmentStart, 0);
    }
}
