namespace GreenletBridge;

/// <summary>When a Task whose token is cancelled is over.</summary>
public enum GreenletCompletion
{
    /// <summary>At once; the greenlet's <c>finally</c> blocks may still run.</summary>
    Immediate = 0,

    /// <summary>When the greenlet has ended: nothing of it can touch what comes after.</summary>
    AfterExit = 1,
}
