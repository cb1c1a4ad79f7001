namespace GreenletBridge;

/// <summary>How a greenlet holds its hub without waiting where the hub could see it.</summary>
public enum BlockageKind
{
    /// <summary>Its thread is blocked in a call that the wait hook is not called for: a sleep, a file, a plain socket, native code.</summary>
    Unseen = 0,

    /// <summary>Its thread computes.</summary>
    Computing,
}
