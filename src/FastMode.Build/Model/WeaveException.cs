namespace GreenletBridge.FastMode.Build;

/// <summary>The assembly is left alone: what is asked for cannot be done, or is not surely right.</summary>
/// <param name="message">What to tell the user.</param>
public sealed class WeaveException(string message) : Exception(message);
