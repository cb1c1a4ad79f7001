namespace GreenletBridge.TestSupport;

/// <summary>Something was not back where it was before.</summary>
/// <param name="message">Names each figure, what it was and what it is.</param>
public sealed class LeakException(string message) : Exception(message);
