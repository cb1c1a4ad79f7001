namespace GreenletBridge;

/// <summary>What a hub does about a segment that blocks where the runtime does not show it, or that computes for long.</summary>
public enum BlockingPolicy
{
    /// <summary>Keeps to one segment at a time and reports who blocks.</summary>
    Report = 0,

    /// <summary>Goes on with others meanwhile; the blocker takes its turn again when it next waits.</summary>
    HandOff = 1,
}
