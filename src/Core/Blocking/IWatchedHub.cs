namespace GreenletBridge;

/// <summary>A hub as the watchdog sees it.</summary>
internal interface IWatchedHub
{
    /// <summary>Whose baton is watched.</summary>
    Dispatcher Dispatcher { get; }

    /// <summary>From when on a segment counts as blocking the hub.</summary>
    TimeSpan MaxBlockingTime { get; }

    /// <summary>Whether those that have begun may run while a segment blocks for longer than that, where segments are not detached.</summary>
    bool Lends { get; }

    /// <summary>A segment holds the baton for too long.</summary>
    /// <param name="occupant">Whose segment it is.</param>
    /// <param name="thread">The thread that runs it.</param>
    /// <param name="isBlocked">Whether the thread is blocked, rather than computes.</param>
    /// <param name="since">Since when, a Stopwatch timestamp.</param>
    IHeldSegment NoteHeld(object occupant, Runner thread, bool isBlocked, long since);

    /// <summary>Blocking in the operating system cannot be seen on this machine. Once a process.</summary>
    void NoteLimitedWatch();
}
