namespace GreenletBridge;

/// <summary>The queue or channel was shut down: it takes nothing more, or has nothing more to give.</summary>
public sealed class QueueShutDownException(string message) : InvalidOperationException(message);
