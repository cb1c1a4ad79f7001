namespace GreenletBridge;

/// <summary>Which ends a link is called for.</summary>
internal enum LinkWhen
{
    /// <summary>Every end.</summary>
    Always,

    /// <summary>A value or a kill.</summary>
    NotFaulted,

    /// <summary>An exception.</summary>
    Faulted,
}
