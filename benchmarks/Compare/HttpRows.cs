using System.Diagnostics;
using System.Text.Json;

namespace GreenletBridge.Benchmarks.Compare;

/// <summary>The rows of benchmarks/Http, which measures a running samples/WebApi with wrk.</summary>
internal static class HttpRows
{
    private const string Scenarios = "wrk,orders,idle,woven";

    internal static IEnumerable<RowResult> Measure(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("compare").FullName;
        try
        {
            var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "GreenletBridge.Benchmarks.Http", "release", "GreenletBridge.Benchmarks.Http.dll");
            using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--scenarios", Scenarios, "--rounds", $"{rounds}", "--output", folder]) { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            using var report = JsonDocument.Parse(File.ReadAllText(Directory.GetFiles(folder, "*.json").Single()));
            foreach (var scenario in report.RootElement.GetProperty("scenarios").EnumerateArray())
            {
                if (scenario.GetProperty("skipped").ValueKind == JsonValueKind.String)
                    Console.WriteLine($"| {scenario.GetProperty("name")} | skipped: {scenario.GetProperty("skipped")} | | | | | | | |");
                foreach (var goal in scenario.GetProperty("goals").EnumerateArray())
                    yield return Result(goal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A goal there is a figure and its limit; a ratio over 1 is better here, whichever way the limit goes.
    private static RowResult Result(JsonElement goal)
    {
        var (limit, measured, spread) = (Number(goal, "limit"), Number(goal, "measured"), Number(goal, "spread"));
        var atLeast = goal.GetProperty("atLeast").GetBoolean();
        var ratio = atLeast ? measured / limit : measured <= limit ? Math.Max(1, limit / Math.Max(measured, 1e-9)) : limit / measured;
        return new RowResult(
            $"HTTP, {goal.GetProperty("what")}", measured, "the limit", limit, atLeast ? "at least" : "at most", ratio, spread, 1, goal.GetProperty("isMet").GetBoolean(), double.NaN);
    }

    private static double Number(JsonElement goal, string name) =>
        goal.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
}
