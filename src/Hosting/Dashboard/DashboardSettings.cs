namespace GreenletBridge.Hosting;

/// <summary>The page's fixed figures.</summary>
internal static class DashboardSettings
{
    /// <summary>How often open pages are told what has changed.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often an open timeline is.</summary>
    public static readonly TimeSpan TimelineInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Points of a chart: five minutes.</summary>
    public const int History = 300;

    /// <summary>Ticks without a page after which nothing is measured any more; until then a page that is loaded again finds its charts.</summary>
    public const int IdleTicks = 300;

    /// <summary>Rows in one event: a browser must not be busy with one for long.</summary>
    public const int RowsPerEvent = 1000;

    /// <summary>Segments that one timeline keeps between two looks.</summary>
    public const int MostSegments = 2000;

    /// <summary>Events that a page may lag behind before it has to start anew.</summary>
    public const int MostEvents = 64;
}
