using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Everything one run measured, as Markdown and as JSON.</summary>
internal sealed class BenchmarkReport(MachineFacts machine)
{
    // NaN (no answer at all) is no JSON number; the file is read by people too, so its signs stay as they are.
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public MachineFacts Machine { get; } = machine;

    public List<ScenarioReport> Scenarios { get; } = [];

    /// <summary>True if every scenario was measured and every goal was met.</summary>
    public bool IsMet => Scenarios.TrueForAll(scenario => scenario.Skipped is null && scenario.Goals.TrueForAll(goal => goal.IsMet));

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("# HTTP benchmark\n\n").Append(string.Create(
            CultureInfo.InvariantCulture,
            $"{Machine.Processors} processors, {Machine.Runtime}, {Machine.System}, {Machine.Architecture}, {Machine.TakenAtUtc:yyyy-MM-dd HH:mm} UTC. "));
        text.Append("Server and client share the machine. Figures are medians of the rounds, ± half their range. ");
        text.Append("A ratio is taken within each round; its goal is met if the median reaches the limit, less the spread.\n\n");
        foreach (var scenario in Scenarios)
        {
            scenario.AppendTo(text);
        }

        return text.ToString();
    }

    /// <summary>Writes both forms, named after the time of the run.</summary>
    /// <returns>The files.</returns>
    public IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var name = Path.Combine(folder, Machine.TakenAtUtc.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        File.WriteAllText(name + ".md", ToMarkdown());
        File.WriteAllText(name + ".json", JsonSerializer.Serialize(this, _json) + "\n");
        return [name + ".md", name + ".json"];
    }
}
