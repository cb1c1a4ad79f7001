namespace GreenletBridge;

/// <summary>A hub that is stopped, or stops, was asked for new work.</summary>
public sealed class HubStoppedException(string message) : InvalidOperationException(message);
