using System.Net;
using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd.Telemetry;

/// <remarks>Alone: a meter listener hears every host of the process, and OpenTelemetry ends a metric with the first of several meters of its name (opentelemetry-dotnet, issue 6412).</remarks>
[Collection(nameof(WholeProcess))]
public partial class OtlpTests
{
    [Fact]
    public async Task Sample_WithAnEndpoint_SendsEveryMetricAndASpanAGreenlet()
    {
        await using var collector = await Collector.StartAsync();
        await using var shop = new Shop
        {
            Settings = new Dictionary<string, string>
            {
                ["Otlp:Endpoint"] = collector.Address,
                ["Otlp:ExportIntervalMilliseconds"] = "200",
                ["GreenletBridge:Requests:Concurrency"] = "1",
                ["GreenletBridge:Requests:QueueLimit"] = "0",
            },
        };
        using var client = shop.NewClient();
        var names = Metric().Matches(await File.ReadAllTextAsync(Repository.PathOf("docs/diagnostics.md"), TestContext.Current.CancellationToken)).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(10, names.Count);

        // One that is refused while another runs, and sleeps that the watchdog sees
        var refused = false;
        await Deadline.Until(
            () =>
            {
                var sleeps = client.GetAsync("/legacy/sleep?ms=60", TestContext.Current.CancellationToken);
                using var second = client.GetAsync("/legacy/wait?ms=1", TestContext.Current.CancellationToken).GetAwaiter().GetResult();
                refused |= second.StatusCode == HttpStatusCode.ServiceUnavailable;
                using var first = sleeps.GetAwaiter().GetResult();
                return refused && names.TrueForAll(collector.HasMetric);
            },
            "every metric",
            () => "missing: " + string.Join(", ", names.Where(name => !collector.HasMetric(name))));

        // The rest is sent as the sample ends
        await shop.DisposeAsync();

        Assert.True(collector.HasMetric("greenlet-sample"));
        Assert.True(collector.HasMetric("queue_full"));
        Assert.True(collector.HasSpan("HTTP: GET /legacy/sleep => Sleep"));
        Assert.True(collector.HasSpan("greenletbridge.greenlet.id"));
        Assert.True(collector.HasSpan("greenletbridge.time_in_queue"));
    }

    [GeneratedRegex(@"^\| `(greenletbridge\.[a-z_.]+)` \| (?:Observable|Histogram|Counter)", RegexOptions.Multiline)]
    private static partial Regex Metric();
}
