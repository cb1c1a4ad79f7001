namespace GreenletBridge.Hosting;

/// <summary>What one <c>UseGreenletBridge</c> does.</summary>
/// <param name="All">Whether it runs every request in a greenlet, marked or not.</param>
/// <param name="Lane">The lane of requests whose endpoint names none.</param>
internal sealed record GreenletBranch(bool All, IGreenletLaneMetadata? Lane);
