namespace GreenletBridge.Core.Stress.Soak;

/// <summary>How long a greenlet of a soak waits, and its number.</summary>
internal readonly record struct Patience(int Number, TimeSpan Limit, CancellationToken Token);
