using System.Globalization;
using System.Text.RegularExpressions;

namespace GreenletBridge.Benchmarks.Http;

/// <summary>What one run of wrk printed.</summary>
/// <param name="RequestsPerSecond">Answers a second.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P99">99th percentile of the latency in milliseconds.</param>
/// <param name="Failures">Socket errors, time-outs and answers other than 2xx and 3xx.</param>
internal sealed partial record WrkResult(double RequestsPerSecond, double P50, double P99, long Failures)
{
    /// <summary>Reads wrk's output with <c>--latency</c>.</summary>
    /// <exception cref="BenchmarkException">It is none.</exception>
    public static WrkResult Parse(string output)
    {
        var rate = Rate().Match(output);
        var median = Latency50().Match(output);
        var high = Latency99().Match(output);
        if (!rate.Success || !median.Success || !high.Success)
        {
            throw new BenchmarkException($"wrk printed no result:\n{output}");
        }

        var errors = SocketErrors().Match(output).Groups.Values.Skip(1).Sum(group => group.Success ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0);
        var refused = Refused().Match(output) is { Success: true } match ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return new WrkResult(double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture), Milliseconds(median), Milliseconds(high), errors + refused);
    }

    private static double Milliseconds(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        "s" => 1000,
        _ => 60_000,
    };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^\s+50%\s+([\d.]+)(us|ms|s|m)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Latency50();

    [GeneratedRegex(@"^\s+99%\s+([\d.]+)(us|ms|s|m)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Latency99();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex SocketErrors();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Refused();
}
