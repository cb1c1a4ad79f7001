namespace GreenletBridge.Benchmarks.Http;

/// <summary>A scenario could not be measured; the message says why.</summary>
/// <param name="message">The reason.</param>
internal sealed class BenchmarkException(string message) : Exception(message);
