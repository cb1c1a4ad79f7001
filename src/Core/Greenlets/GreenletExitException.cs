namespace GreenletBridge;

/// <summary>Thrown in a greenlet that is killed, at the place where it waits.</summary>
/// <remarks>Can be caught: then the greenlet lives on. One kill is thrown once.</remarks>
public class GreenletExitException : OperationCanceledException
{
    /// <summary>Creates the exception with the usual message.</summary>
    public GreenletExitException()
        : base("The greenlet was killed.")
    {
    }

    /// <summary>Creates the exception.</summary>
    public GreenletExitException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public GreenletExitException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
