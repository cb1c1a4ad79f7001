namespace GreenletBridge.Hosting;

/// <summary>Request feature: the lane that the request has its turn in.</summary>
internal sealed record HeldLane(string Key);
