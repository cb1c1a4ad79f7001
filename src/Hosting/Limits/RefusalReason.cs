namespace GreenletBridge.Hosting;

/// <summary>Why a request was not taken.</summary>
internal enum RefusalReason
{
    QueueFull,
    LaneFull,
    Unhealthy,
    Stopping,
}
