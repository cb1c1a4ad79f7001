namespace GreenletBridge;

/// <summary>What <see cref="Hub.Snapshot"/> is to look at.</summary>
public sealed class HubSnapshotOptions
{
    /// <summary>Whether the greenlets are listed, or only counted, which is cheaper.</summary>
    /// <value>The default is true.</value>
    public bool Greenlets { get; set; } = true;

    /// <summary>Whether the stacks that waiting greenlets took of themselves are given; they took them only while <see cref="Hub.CapturesStacks"/> was set.</summary>
    /// <value>The default is false.</value>
    public bool Stacks { get; set; }
}
