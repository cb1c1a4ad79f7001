namespace GreenletBridge;

/// <summary>Whether a kill got through to a wait, or to a thread.</summary>
internal enum KillReach
{
    /// <summary>The wait is over already: what follows it has to be reached, or looks for the kill itself.</summary>
    No,

    /// <summary>The wait ends by the kill.</summary>
    Yes,

    /// <summary>The wait must not be ended yet: try again when it has lasted longer.</summary>
    Later,
}
