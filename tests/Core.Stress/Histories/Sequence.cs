namespace GreenletBridge.Core.Stress.Histories;

/// <summary>A list that is compared by what is in it: the state of a queue in a history.</summary>
internal sealed record Sequence(string Text)
{
    public static Sequence Empty { get; } = new("");

    public Sequence Add(int item) => new($"{Text}{item},");

    /// <summary>Without its first item; null when that is another one.</summary>
    public Sequence? Without(int first) => Text.StartsWith($"{first},", StringComparison.Ordinal) ? new(Text[(Text.IndexOf(',', StringComparison.Ordinal) + 1)..]) : null;

    public int Count => Text.Count(static c => c == ',');
}
