namespace GreenletBridge.Hosting;

/// <summary>The figures of all hubs at one moment.</summary>
/// <param name="Time">Milliseconds since 1970.</param>
/// <param name="Hubs">Each hub.</param>
/// <param name="Queued">Requests that no hub has begun.</param>
/// <param name="Carriers">Carrier threads of the process.</param>
/// <param name="BusyCarriers">Those that run or hold a parked segment.</param>
/// <param name="Blockers">Where most time was lost.</param>
/// <param name="Blocking">Who holds a hub right now.</param>
/// <param name="Known">What the hubs have learned to begin without the baton.</param>
internal sealed record DashboardFrame(
    long Time,
    IReadOnlyList<HubPoint> Hubs,
    int Queued,
    int Carriers,
    int BusyCarriers,
    IReadOnlyList<BlockerRow> Blockers,
    IReadOnlyList<BlockingRow> Blocking,
    IReadOnlyList<KnownRow> Known);
