namespace GreenletBridge.Hosting;

/// <summary>A kind of work that a hub has learned to begin without the baton.</summary>
/// <param name="Work">The endpoint or method.</param>
/// <param name="Hub">The hub that has found it.</param>
/// <param name="KnownFor">Milliseconds.</param>
/// <param name="Detections">How often it was found blocked.</param>
internal sealed record KnownRow(string Work, string Hub, double KnownFor, long Detections)
{
    public static IEnumerable<KnownRow> Of(HubSnapshot hub) =>
        hub.KnownBlockers.Select(known => new KnownRow(known.Key, hub.Name, Math.Round(known.KnownFor.TotalMilliseconds, 0), known.Detections));
}
