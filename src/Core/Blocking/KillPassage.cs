namespace GreenletBridge;

/// <summary>What the code on the stack would do with a kill that is thrown through it.</summary>
internal enum KillPassage
{
    /// <summary>It lets it through.</summary>
    Free,

    /// <summary>It would be poisoned for the whole process: the kill has to wait.</summary>
    Deferred,

    /// <summary>It takes any cancellation for its own and hides it, but lets the runtime's interrupt through.</summary>
    AsInterrupt,
}
