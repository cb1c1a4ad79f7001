namespace GreenletBridge.Hosting;

/// <summary>Segments of a hub that ended since the last batch.</summary>
/// <param name="Hub">The hub.</param>
/// <param name="Time">When the batch was made, milliseconds since 1970.</param>
/// <param name="Segments">Each: the greenlet's number, its begin (milliseconds before <paramref name="Time"/>), its length in milliseconds, 1 if it ran beside others.</param>
/// <param name="Names">Names of the greenlets that have one.</param>
/// <param name="Dropped">How many more there were.</param>
internal sealed record SegmentBatch(string Hub, long Time, IReadOnlyList<double[]> Segments, IReadOnlyDictionary<long, string> Names, int Dropped);
