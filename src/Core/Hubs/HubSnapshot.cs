namespace GreenletBridge;

/// <summary>A hub as it was at one moment. Taken without the hub's help, so also of one that is stuck; the figures are estimates of each other.</summary>
public sealed class HubSnapshot
{
    internal HubSnapshot()
    {
    }

    /// <summary>The hub's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it takes work.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>What drives it.</summary>
    public required HubLoop Loop { get; init; }

    /// <summary>Whether it promises one segment at a time.</summary>
    public required bool Exclusive { get; init; }

    /// <summary>Its policy about unseen blocking.</summary>
    public required BlockingPolicy BlockingPolicy { get; init; }

    /// <summary>Entries that wait for their turn, without what its group has not begun.</summary>
    public required int Queued { get; init; }

    /// <summary>Greenlets that have begun and not ended.</summary>
    public required int Active { get; init; }

    /// <summary>Of those, how many wait.</summary>
    public required int Waiting { get; init; }

    /// <summary>The greenlet whose segment holds the baton; null when none does. An estimate.</summary>
    public long? Current { get; init; }

    /// <summary>How long the current segment has held the baton; zero when nothing runs. Some milliseconds coarse.</summary>
    public required TimeSpan BusyFor { get; init; }

    /// <summary>How long in all it has had something to run.</summary>
    public required TimeSpan BusyTime { get; init; }

    /// <summary>How long ago it was made.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>The share of its life in which it had something to run, 0 to 1.</summary>
    public required double Load { get; init; }

    /// <summary>Threads in its pool, which other hubs may share.</summary>
    public required int Carriers { get; init; }

    /// <summary>Those of them that run or hold a parked segment, or drive a hub.</summary>
    public required int BusyCarriers { get; init; }

    /// <summary>The kinds of work that its watchdog found blocked again and again and has learned to begin without the baton, those known longest first.</summary>
    public required IReadOnlyList<KnownBlocker> KnownBlockers { get; init; }

    /// <summary>Its greenlets that have begun and not ended, oldest first. One that has never waited is listed only if it runs now, or if a listener asks for <see cref="HubEvents.Greenlets"/>.</summary>
    public required IReadOnlyList<GreenletSnapshot> Greenlets { get; init; }

    /// <summary>The text form: a line for the hub, one for each known blocker, then one for each greenlet, those that another one spawned indented below it.</summary>
    public override string ToString() => HubSnapshotText.Of(this);
}
