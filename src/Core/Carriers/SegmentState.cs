namespace GreenletBridge;

/// <summary>What a thread that runs a segment has to do with its hub's baton.</summary>
internal enum SegmentState
{
    /// <summary>The thread is inside the engine, or waits, or runs nothing.</summary>
    InHub = 0,

    /// <summary>The thread runs user code and holds the baton.</summary>
    Running = 1,

    /// <summary>The thread runs user code and has lost the baton to another.</summary>
    Detached = 2,

    /// <summary>As <see cref="Detached"/>, and until it ends only what has begun gets the baton.</summary>
    Lent = 3,
}
