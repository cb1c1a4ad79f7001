using System.Text;
using System.Text.Json.Serialization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>The outcome of one scenario: a table for people, the rounds for programs.</summary>
internal sealed class ScenarioReport(string name, string title, IReadOnlyList<string> columns)
{
    public string Name { get; } = name;

    public string Title { get; } = title;

    /// <summary>Why nothing or not everything was measured; null if all was.</summary>
    public string? Skipped { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> Columns { get; } = columns;

    [JsonIgnore]
    public List<IReadOnlyList<string>> Rows { get; } = [];

    public List<Goal> Goals { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>What each round measured, by the name of its series.</summary>
    public Dictionary<string, object> Rounds { get; } = [];

    public static ScenarioReport Failed(string name, string reason) => new(name, name, []) { Skipped = reason };

    public void AppendTo(StringBuilder text)
    {
        text.Append("## ").Append(Title).Append("\n\n");
        if (Skipped is not null)
        {
            text.Append("Not measured: ").Append(Skipped).Append("\n\n");
        }

        if (Rows.Count > 0)
        {
            AppendTable(text, Columns, Rows.Select(row => $"| {string.Join(" | ", row)} |"));
        }

        if (Goals.Count > 0)
        {
            AppendTable(text, ["goal", "limit", "measured", "met"], Goals.Select(goal => goal.ToMarkdown()));
        }

        foreach (var note in Notes)
        {
            text.Append(note).Append("\n\n");
        }
    }

    private static void AppendTable(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<string> rows)
    {
        text.Append("| ").AppendJoin(" | ", columns).Append(" |\n|").Insert(text.Length, "---|", columns.Count).Append('\n');
        text.AppendJoin('\n', rows).Append("\n\n");
    }
}
