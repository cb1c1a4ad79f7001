namespace GreenletBridge;

/// <summary>A hub that is stopped, or stops, was asked for new work, or was stopped while the caller waited for work on it.</summary>
public sealed class HubStoppedException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public HubStoppedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public HubStoppedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
