namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>One row of the tables: an entry of "Called for" in the description of the wait hook.</summary>
/// <param name="Name">The call.</param>
/// <param name="Make">Makes a fresh scene.</param>
/// <param name="UnreachedByKill">Why a kill cannot end this wait; null when it can.</param>
internal sealed record BlockingCall(string Name, Func<BlockingScene> Make, string? UnreachedByKill = null);
