namespace GreenletBridge.Hosting.Tests.Lifetime;

/// <summary>A phase of a host's start.</summary>
public enum StartPhase
{
    Starting,
    Start,
    Started,
}
