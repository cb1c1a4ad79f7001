namespace GreenletBridge.Hosting;

/// <summary>A request that is answered 503 because it may not begin.</summary>
internal sealed record Refusal(RefusalReason Reason, TimeSpan? RetryAfter) : Unavailable(TagOf(Reason), DetailOf(Reason), RetryAfter)
{
    /// <summary>What a client is told to wait where nothing better is known.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static string TagOf(RefusalReason reason) => reason switch
    {
        RefusalReason.QueueFull => "queue_full",
        RefusalReason.LaneFull => "lane_full",
        RefusalReason.Unhealthy => "unhealthy",
        _ => "stopping",
    };

    private static string DetailOf(RefusalReason reason) => reason switch
    {
        RefusalReason.QueueFull => "Too many requests wait to be handled.",
        RefusalReason.LaneFull => "Too many requests of the same kind, such as of one session, wait for each other.",
        RefusalReason.Unhealthy => "What handles this request is blocked; another instance may take it.",
        _ => "The application is stopping; another instance may take the request.",
    };
}
