using System.Collections.Concurrent;

namespace GreenletBridge;

/// <content>What the watchdog finds.</content>
public sealed partial class Hub : IWatchedHub
{
    private readonly ConcurrentDictionary<string, bool> _offloaded = new();
    private long _maxBlockingTicks;
    private long _blockages;

    /// <summary>From when on a segment counts as blocking the hub. May be changed at any time, from any thread.</summary>
    /// <value>1 ms to 1 hour; at first what <see cref="HubOptions.MaxBlockingTime"/> said.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public TimeSpan MaxBlockingTime
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _maxBlockingTicks));
        set
        {
            HubOptions.CheckMaxBlockingTime(value);
            Volatile.Write(ref _maxBlockingTicks, value.Ticks);
        }
    }

    /// <summary>How often the watchdog found a segment that held the hub, since it was made.</summary>
    internal long Blockages => Volatile.Read(ref _blockages);

    /// <summary>The greenlet whose segment holds the baton; null when none does.</summary>
    private Greenlet? CurrentGreenlet => Dispatcher.Holder?.Occupant is Greenlet greenlet && greenlet.Hub == this ? greenlet : null;

    Dispatcher IWatchedHub.Dispatcher => Dispatcher;

    bool IWatchedHub.Lends => !Options.StrictExclusive;

    IHeldSegment IWatchedHub.NoteHeld(object occupant, Runner thread, bool isBlocked, long since)
    {
        var greenlet = (Greenlet)occupant;
        if (isBlocked)
            greenlet.NoteBlockedUnseen(thread);
        // It may never wait, and has to be found by those who look.
        greenlet.Register();
        // In the first run of its kind the compiler is at work, which is no blockage.
        var isSilent = !isBlocked && greenlet.Trust is { Profile: not null, HasRun: false };
        return new Blockage(this, greenlet, greenlet.WorkName, isBlocked ? BlockageKind.Unseen : BlockageKind.Computing, isSilent, since);
    }

    void IWatchedHub.NoteLimitedWatch() => Notify(this, static (listener, hub) => listener.OnWatchLimited(hub));

    /// <summary>Tells its listener, once for each <paramref name="what"/>, that such calls cannot wait cooperatively and are made on threads beside the hub. For adapters; any thread.</summary>
    /// <param name="what">The library, for people.</param>
    /// <exception cref="ArgumentNullException"><paramref name="what"/> is null.</exception>
    public void ReportOffload(string what)
    {
        ArgumentNullException.ThrowIfNull(what);
        if (!_offloaded.ContainsKey(what) && _offloaded.TryAdd(what, true))
            Notify((hub: this, what), static (listener, s) => listener.OnOffloaded(s.hub, s.what));
    }

    internal void NoteBlockage(Blockage blockage)
    {
        Interlocked.Increment(ref _blockages);
        Notify(blockage, static (listener, b) => listener.OnBlockageDetected(b));
    }

    internal void NoteBlockageEnded(Blockage blockage) => Notify(blockage, static (listener, b) => listener.OnBlockageEnded(b));
}
