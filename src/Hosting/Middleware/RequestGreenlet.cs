namespace GreenletBridge.Hosting;

/// <summary>Request feature: the greenlet that the middleware started for the request.</summary>
internal sealed record RequestGreenlet(Greenlet Greenlet);
