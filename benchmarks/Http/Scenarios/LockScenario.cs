using System.Globalization;
using System.Text.RegularExpressions;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>Many callers of a counter that only a lock protects: no number may come twice.</summary>
internal sealed partial class LockScenario : Scenario
{
    private const int Callers = 500;
    private const string Path = "/legacy/lock?ms=5";

    public override string Name => "lock";

    public override ScenarioReport Run(BenchmarkOptions options)
    {
        var report = new ScenarioReport(
            Name, $"Lock: {Callers} callers at once of {Path}", ["callers", "different numbers", "last answer, ms", "failures", "client CPU"]);
        using var server = SampleServer.Start(options);
        using var client = new BurstClient(server, Callers);
        var result = client.Run(Path, Bound);
        var numbers = client.ReadBodies().Select(Number).ToHashSet();
        report.Rows.Add(
        [
            Figures.Text(Callers, "0"),
            Figures.Text(numbers.Count, "0"),
            Figures.Text(result.LastAnswer, "0.0"),
            Figures.Text(result.Failures, "0"),
            Share(result.ClientCpu, result.LastAnswer),
        ]);
        report.Rounds[Path] = BurstScenario.Summary(result);
        report.Goals.Add(new Goal($"{Callers} callers of {Path}: different numbers", Callers, AtLeast: true, numbers.Count, 0));
        return report;
    }

    /// <summary>The counter in an answer, a bare number or a JSON member's value: the first number there is.</summary>
    private static long Number(string body) => Digits().Match(body) is { Success: true } match
        ? long.Parse(match.Value, CultureInfo.InvariantCulture)
        : throw new BenchmarkException($"{Path} answered without a number: {body}");

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
