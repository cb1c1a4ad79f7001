namespace GreenletBridge;

/// <summary>How a greenlet's code waits.</summary>
public enum GreenletBodyKind
{
    /// <summary>Blocking code: it keeps its stack, on a thread of its own.</summary>
    Blocking,

    /// <summary>Async code: it waits by returning to its hub.</summary>
    Async,

    /// <summary>Blocking code that was rewritten at build time: it waits by saving its stack and returning to its hub.</summary>
    Woven,
}
