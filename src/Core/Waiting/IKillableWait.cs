namespace GreenletBridge;

/// <summary>A wait that a kill can end.</summary>
internal interface IKillableWait
{
    /// <summary>The part of the greenlet's code that waits; null where that does not matter. Set before a kill can see the wait.</summary>
    FlowScope? Flow { get; set; }

    /// <summary>Any thread: ends the wait with a kill, if it still waits and can be reached.</summary>
    KillReach TryKill(Exception exception);

    /// <summary>When the wait began, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    long Since { get; }

    /// <summary>When the wait began, a Stopwatch timestamp, for who is told of it; 0: nobody. The owner.</summary>
    long Began { get; set; }

    /// <summary>What is waited for, in words for a snapshot.</summary>
    string Describe();
}
