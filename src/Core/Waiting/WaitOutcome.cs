namespace GreenletBridge;

/// <summary>How a wait ended.</summary>
internal enum WaitOutcome
{
    /// <summary>It goes on.</summary>
    None = 0,

    /// <summary>What was waited for has come.</summary>
    Completed,

    /// <summary>The time was up first.</summary>
    TimedOut,

    /// <summary>The caller's token was cancelled first.</summary>
    Canceled,

    /// <summary>The greenlet that waits was killed.</summary>
    Killed,

    /// <summary>What was waited for can come no more.</summary>
    Closed,

    /// <summary>It had come before the wait was begun; nothing was taken for it. Look again.</summary>
    Again,
}
