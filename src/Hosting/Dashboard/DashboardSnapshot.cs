namespace GreenletBridge.Hosting;

/// <summary>The page's content as one document.</summary>
internal sealed record DashboardSnapshot(DashboardFrame Frame, IReadOnlyList<GreenletRow> Greenlets);
