namespace GreenletBridge;

/// <summary>How a kind of delegate is run as a greenlet: begun, and gone on with until it ends or suspends. Has no state.</summary>
internal abstract class Body
{
    /// <summary>Whether it needs a thread of its own while it waits.</summary>
    internal abstract bool IsBlocking { get; }

    /// <summary>Runs the user's delegate from the start, in a segment of the greenlet. What it throws is the greenlet's outcome.</summary>
    internal abstract void Invoke(Greenlet greenlet, Delegate code);
}
