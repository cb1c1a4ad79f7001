namespace GreenletBridge.FastMode;

/// <summary>What is known of a stream's async form.</summary>
internal enum StreamKind
{
    /// <summary>Nothing: it is used as it is.</summary>
    Unknown,

    /// <summary>It never waits.</summary>
    InMemory,

    /// <summary>It does the same, and waits without a thread.</summary>
    Waits,
}
