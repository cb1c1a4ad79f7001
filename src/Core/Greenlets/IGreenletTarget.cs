namespace GreenletBridge;

/// <summary>What a greenlet can be started on: a hub, or a group of them.</summary>
internal interface IGreenletTarget
{
    /// <summary>The clock for delays before the start.</summary>
    Dispatcher TimerDispatcher { get; }

    /// <summary>The hub that keeps the time of delayed starts.</summary>
    Hub TimerHub { get; }

    /// <summary>Queues a greenlet that was moved to <see cref="GreenletStatus.Scheduled"/>.</summary>
    void Schedule(Greenlet greenlet);

    /// <summary>Runs the first segment on the calling thread if a hub is free and the thread is in none. False when not.</summary>
    bool TryRunInPlace(Greenlet greenlet);

    /// <summary>Has a carrier begin it at once, beside whatever runs. False when it must take its turn.</summary>
    bool TryStartDetached(Greenlet greenlet);

    /// <exception cref="HubStoppedException">It accepts no more work from this caller.</exception>
    void ThrowIfClosed(Greenlet greenlet);
}
