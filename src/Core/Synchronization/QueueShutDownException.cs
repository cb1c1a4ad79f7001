namespace GreenletBridge;

/// <summary>The queue or channel was shut down: it takes nothing more, or has nothing more to give.</summary>
/// <example><code>
/// try
/// {
///     jobs.Put(job);
/// }
/// catch (QueueShutDownException)
/// {
///     Reject(job);                                   // somebody called jobs.Shutdown()
/// }
/// </code></example>
public sealed class QueueShutDownException(string message) : InvalidOperationException(message);
