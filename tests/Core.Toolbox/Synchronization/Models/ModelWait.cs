namespace GreenletBridge.Core.Toolbox.Synchronization.Models;

/// <summary>A greenlet that waits, and what the model says will come of it.</summary>
internal sealed class ModelWait(int id, string kind)
{
    public int Id => id;

    public string Kind => kind;

    /// <summary>What the wait puts; its own number, so that none is like another.</summary>
    public int Item { get; init; }

    public CancellationTokenSource Cancel { get; } = new();

    public GreenletEvent Go { get; } = new();

    public Greenlet? Greenlet { get; set; }

    /// <summary>When its time is up, by the model's clock; null: never.</summary>
    public int? Due { get; set; }

    /// <summary>How it ends by the model; null: it still waits.</summary>
    public string? Expected { get; set; }

    /// <summary>How it ended.</summary>
    public string? Outcome { get; set; }

    public override string ToString() => $"{kind} {id}: expected {Expected ?? "to wait"}, was {Outcome ?? "waiting"}";
}
