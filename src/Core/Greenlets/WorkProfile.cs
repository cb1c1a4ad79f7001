using System.Diagnostics;

namespace GreenletBridge;

/// <summary>What has been learned of one kind of work, such as an endpoint: whether it ever blocked its thread, and whether it is short.</summary>
/// <remarks>
/// Make one for each kind and give it to every spawn of that kind. It is how work that in fact never blocks gets to run on the thread that asks
/// for it, and how work that does gets a carrier even where async code runs on .NET's scheduler. Any thread.
/// </remarks>
/// <param name="name">Name of the kind; its greenlets' <see cref="Greenlet.Name"/> and <see cref="Greenlet.Tag"/> unless they are given others.</param>
public sealed class WorkProfile(string name)
{
    // The caller's own thread is trusted to work whose runs take under half a millisecond in the mean. A thread that is preempted in
    // the middle now and then does not matter to the mean; one run in a hundred that sleeps 100 ms does.
    private static readonly long _trusted = Stopwatch.Frequency / 2_000;

    // Each run counts for a 64th. The first value is such that some 20 short runs earn the trust.
    private const int Weight = 64;
    private long _mean = _trusted * 27 / 20;
    private bool _hasBlocked;
    private int _blockedInPlace;
    private bool _hasRun;

    /// <summary>Name of the kind.</summary>
    public string Name => name;

    /// <summary>Whether a run of it ever blocked its thread in a way that the hub saw. Never taken back.</summary>
    public bool HasBlocked => Volatile.Read(ref _hasBlocked);

    /// <summary>Whether it may run on the thread that asks for it: a run takes under 0.5 ms in the mean, whatever it waits included, and none blocks such a thread now.</summary>
    public bool RunsInPlace => Volatile.Read(ref _mean) < _trusted && Volatile.Read(ref _blockedInPlace) == 0;

    /// <summary>Whether it keeps blocking in a way that only the watchdog sees: on a hub that hands off it begins without the baton, but for a run a second.</summary>
    public bool BlocksUnseen => Unseen.IsKnown;

    /// <summary>What the watchdog has seen of it.</summary>
    internal UnseenBlocking Unseen { get; } = new();

    /// <summary>Whether a first segment of it has ended.</summary>
    internal bool HasRun => Volatile.Read(ref _hasRun);

    internal bool StartsDetached() => HasBlocked || Unseen.StartsDetached();

    internal void NoteBlocked() => Volatile.Write(ref _hasBlocked, true);

    /// <summary>A run in place blocks the thread it was asked for on. What makes it wait, a database that is down, would catch the next ones too.</summary>
    internal void BeginBlockInPlace() => Interlocked.Increment(ref _blockedInPlace);

    internal void EndBlockInPlace() => Interlocked.Decrement(ref _blockedInPlace);

    /// <summary>A first segment took so many Stopwatch ticks. Blocking that nobody sees shows as time.</summary>
    internal void NoteRun(long elapsed)
    {
        // Several threads may write at once: what is lost is an observation, of which there are many.
        _hasRun = true;
        var mean = Volatile.Read(ref _mean);
        Volatile.Write(ref _mean, mean + ((elapsed - mean) / Weight));
    }
}
