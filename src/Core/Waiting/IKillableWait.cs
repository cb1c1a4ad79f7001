namespace GreenletBridge;

/// <summary>A wait that a kill can end.</summary>
internal interface IKillableWait
{
    /// <summary>Any thread: ends the wait with a kill, if it still waits and can be reached.</summary>
    KillReach TryKill(Exception exception);

    /// <summary>What is waited for, in words for a snapshot.</summary>
    string Describe();
}
