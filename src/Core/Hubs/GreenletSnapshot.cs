namespace GreenletBridge;

/// <summary>A greenlet as it was when its hub was looked at.</summary>
public sealed record GreenletSnapshot
{
    internal GreenletSnapshot()
    {
    }

    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The number of the greenlet that spawned it; null when none did or when that one is gone.</summary>
    public long? ParentId { get; init; }

    /// <summary>Its name, null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Where it was in its life.</summary>
    public required GreenletStatus Status { get; init; }

    /// <summary>How its code waits; of async code that has called woven code, as that.</summary>
    public GreenletBodyKind Body { get; init; }

    /// <summary>How long before it had begun; some milliseconds coarse.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>What it waited for, in words; null when it did not wait.</summary>
    public string? WaitingFor { get; init; }

    /// <summary>How long it had waited for that; null when it did not wait. Some milliseconds coarse.</summary>
    public TimeSpan? WaitedFor { get; init; }

    /// <summary>Whether a kill was on its way to it.</summary>
    public bool IsKillPending { get; init; }

    /// <summary>What its creator attached; for a request its endpoint.</summary>
    public object? Tag { get; init; }

    /// <summary>The method that it runs, with its type.</summary>
    public string? Code { get; init; }

    /// <summary>Where it was spawned, as a stack; null unless <see cref="Hub.CapturesStacks"/> was set by then.</summary>
    public string? SpawnSite { get; init; }

    /// <summary>The stack that it took of itself as it began to wait; null unless both <see cref="Hub.CapturesStacks"/> and <see cref="HubSnapshotOptions.Stacks"/> asked for it.</summary>
    public string? Stack { get; init; }
}
