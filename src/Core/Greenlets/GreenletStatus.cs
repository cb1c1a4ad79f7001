namespace GreenletBridge;

/// <summary>Where a greenlet is in its life.</summary>
public enum GreenletStatus
{
    /// <summary>Made, not started.</summary>
    Created = 0,

    /// <summary>Started, not begun.</summary>
    Scheduled = 1,

    /// <summary>Runs a segment.</summary>
    Running = 2,

    /// <summary>Waits; holds no baton.</summary>
    Waiting = 3,

    /// <summary>Ended with its value.</summary>
    Completed = 4,

    /// <summary>Ended by a kill, or by a <see cref="GreenletExitException"/> of its own: no failure.</summary>
    Killed = 5,

    /// <summary>Ended by an exception.</summary>
    Faulted = 6,
}
