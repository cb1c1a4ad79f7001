namespace GreenletBridge.Core.Conformance;

/// <summary>The kinds of greenlet body.</summary>
public enum BodyKind
{
    /// <summary>Blocking code: waits on its own stack.</summary>
    Blocking,

    /// <summary>Async code: waits by returning to its hub.</summary>
    Async,
}
