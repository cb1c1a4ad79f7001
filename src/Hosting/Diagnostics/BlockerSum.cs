namespace GreenletBridge.Hosting;

/// <summary>All blockages of one kind of work at one place.</summary>
/// <param name="Work">The endpoint or method.</param>
/// <param name="Hub">The hub of the last one.</param>
/// <param name="Kind">How the last one held its hub: <c>unseen</c> or <c>computing</c>.</param>
/// <param name="Place">The stack that the blocker took of itself; null when it could take none.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Total">How long they took together.</param>
/// <param name="Longest">How long the longest took.</param>
/// <param name="HandedOff">How many of them held up nobody, because the hub went on without them.</param>
/// <param name="Last">When the last one ended.</param>
internal sealed record BlockerSum(
    string Work, string Hub, string Kind, string? Place, long Count, TimeSpan Total, TimeSpan Longest, long HandedOff, DateTimeOffset Last);
