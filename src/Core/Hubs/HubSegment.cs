namespace GreenletBridge;

/// <summary>A stretch of a greenlet's code between two waits, which is over.</summary>
/// <param name="Hub">The hub it ran on.</param>
/// <param name="Greenlet">Whose code it was.</param>
/// <param name="Began">When it began, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> gives it.</param>
/// <param name="Ended">When it ended, likewise.</param>
/// <param name="IsDetached">Whether it began or ended without the hub's baton, so beside whatever else ran.</param>
public readonly record struct HubSegment(Hub Hub, Greenlet Greenlet, long Began, long Ended, bool IsDetached);
