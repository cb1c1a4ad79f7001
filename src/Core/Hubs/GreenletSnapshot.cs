namespace GreenletBridge;

/// <summary>A greenlet as it was when its hub was looked at.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, null when it has none.</param>
/// <param name="Status">Where it was in its life.</param>
/// <param name="Age">How long before it had begun; some milliseconds coarse.</param>
/// <param name="WaitingFor">What it waited for, in words; null when it did not wait, or for something outside of the hub's sight.</param>
/// <param name="Tag">What its creator attached.</param>
public sealed record GreenletSnapshot(long Id, string? Name, GreenletStatus Status, TimeSpan Age, string? WaitingFor, object? Tag);
