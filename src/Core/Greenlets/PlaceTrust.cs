namespace GreenletBridge;

/// <summary>Whether one kind of work may run on the thread that asks for it: learned from how long its runs take.</summary>
/// <param name="profile">The named kind of work it belongs to; null for a converted function.</param>
internal sealed class PlaceTrust(WorkProfile? profile)
{
    // The caller's own thread is trusted to work whose runs take under half a millisecond in the mean. A thread that is preempted in
    // the middle now and then does not matter to the mean; one run in a hundred that sleeps 100 ms does.
    // In microseconds.
    private const long Trusted = 500;

    // Each run counts for a 64th. The first value is such that some 20 short runs earn the trust.
    private const int Weight = 64;
    private long _mean = Trusted * 27 / 20;
    private int _blocked;
    private bool _hasRun;

    internal WorkProfile? Profile => profile;

    /// <summary>Whether a run takes under 0.5 ms in the mean, whatever it waits included, and none blocks a caller's thread now.</summary>
    internal bool IsGiven => Volatile.Read(ref _mean) < Trusted && Volatile.Read(ref _blocked) == 0;

    /// <summary>Whether a first segment of it has ended.</summary>
    internal bool HasRun => Volatile.Read(ref _hasRun);

    /// <summary>A run in place blocks the thread it was asked for on. What makes it wait, a database that is down, would catch the next ones too.</summary>
    internal void BeginBlock() => Interlocked.Increment(ref _blocked);

    internal void EndBlock() => Interlocked.Decrement(ref _blocked);

    /// <summary>A first segment took so many milliseconds of <see cref="Environment.TickCount64"/>. Blocking that nobody sees shows as time.</summary>
    /// <remarks>That clock moves every few milliseconds only and costs next to nothing: a short run seldom sees it move, in the mean as often as it is long.</remarks>
    internal void NoteRun(long milliseconds)
    {
        var elapsed = milliseconds * 1_000;
        // Several threads may write at once: what is lost is an observation, of which there are many. What does not change is not written:
        // callers on several processors would take the line from each other.
        if (!_hasRun)
            _hasRun = true;
        var mean = Volatile.Read(ref _mean);
        var next = mean + ((elapsed - mean) / Weight);
        if (next != mean)
            Volatile.Write(ref _mean, next);
    }
}
