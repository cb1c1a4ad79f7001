namespace GreenletBridge.Hosting;

/// <summary>What has changed among the greenlets.</summary>
/// <param name="Reset">Whether everything known before is void.</param>
/// <param name="Changed">New rows, and those that differ.</param>
/// <param name="Gone">Numbers of those that have ended.</param>
internal sealed record RowChanges(bool Reset, IReadOnlyList<GreenletRow> Changed, IReadOnlyList<long> Gone);
