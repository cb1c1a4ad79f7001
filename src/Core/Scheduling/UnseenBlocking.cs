using System.Diagnostics;

namespace GreenletBridge;

/// <summary>What has been learned of one kind of work: whether it keeps blocking where the hub does not see it.</summary>
/// <remarks>Any thread; several may write at once, and an observation that is lost does not matter.</remarks>
internal sealed class UnseenBlocking
{
    // Two detections without a clean run between them are enough; after a dozen clean runs at most it is forgotten.
    private const int PerDetection = 4;
    private const int Known = 2 * PerDetection;
    private const int Most = 5 * PerDetection;

    // A known blocker takes its turn as others do so often, to see whether it still blocks.
    private static readonly long _probeEvery = Stopwatch.Frequency;

    private int _score;
    private long _nextProbe;
    private long _knownSince;
    private long _detections;

    /// <summary>Whether it is known to block.</summary>
    internal bool IsKnown => Volatile.Read(ref _score) >= Known;

    /// <summary>How long it has been known to block.</summary>
    internal TimeSpan KnownFor => Stopwatch.GetElapsedTime(Volatile.Read(ref _knownSince));

    /// <summary>How often it was found blocked.</summary>
    internal long Detections => Volatile.Read(ref _detections);

    /// <summary>The watchdog found it blocked.</summary>
    internal void NoteBlocked()
    {
        Interlocked.Increment(ref _detections);
        var now = Stopwatch.GetTimestamp();
        // Before the score says that it is known.
        if (!IsKnown)
            Volatile.Write(ref _knownSince, now);
        Volatile.Write(ref _score, Math.Min(Volatile.Read(ref _score) + PerDetection, Most));
        Volatile.Write(ref _nextProbe, now + _probeEvery);
    }

    /// <summary>It ran in its turn and was not found blocked.</summary>
    internal void NoteClean()
    {
        var score = Volatile.Read(ref _score);
        if (score > 0)
            Volatile.Write(ref _score, score - 1);
    }

    /// <summary>Whether the run that begins now should go beside the baton's holder; not when it is the one that probes.</summary>
    internal bool StartsDetached()
    {
        if (!IsKnown)
            return false;
        var now = Stopwatch.GetTimestamp();
        var probe = Volatile.Read(ref _nextProbe);
        return now < probe || Interlocked.CompareExchange(ref _nextProbe, now + _probeEvery, probe) != probe;
    }
}
