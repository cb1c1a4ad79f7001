namespace GreenletBridge;

/// <summary>A wait that nothing can ever end.</summary>
public sealed class HubDeadlockException(string message) : InvalidOperationException(message);
