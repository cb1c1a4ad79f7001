namespace GreenletBridge.Core.Stress.Histories;

/// <summary>One call on a primitive: when it began and ended, and what came of it.</summary>
/// <param name="Name">What was called, with its argument.</param>
/// <param name="Began">A time of the world's.</param>
internal sealed record Operation(string Name, int Began)
{
    /// <summary>When it returned; null when it never did.</summary>
    public int? Ended { get; set; }

    /// <summary>What it gave; null when it was given up (killed, cancelled, too late): then it must have done nothing.</summary>
    public object? Result { get; set; }

    public bool IsGivenUp { get; set; }

    public override string ToString() => $"{Name} -> {(IsGivenUp ? "given up" : Result ?? "nothing")} [{Began},{Ended}]";
}
