namespace GreenletBridge;

/// <summary>A listener or another callback of the hub's machinery tried to wait.</summary>
public sealed class BlockingInHubCallbackException(string message) : InvalidOperationException(message);
