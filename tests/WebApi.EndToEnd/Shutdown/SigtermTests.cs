using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd.Shutdown;

/// <summary>The sample is sent SIGTERM while requests run.</summary>
public class SigtermTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sigterm_RequestsRun_AreDrainedThenKilledAndTheExitIsClean(int protocol)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There is no SIGTERM here.");
        await using var sample = await SampleProcess.StartAsync(protocol, ("GreenletBridge:DrainTimeout", "00:00:05"));
        using var client = sample.NewClient();
        using var late = sample.NewClient();
        var drained = client.GetAsync("/legacy/wait?ms=2000", TestContext.Current.CancellationToken);
        var killed = client.GetAsync("/legacy/lock?ms=60000", TestContext.Current.CancellationToken);
        await sample.ActiveAsync(2);

        await sample.TerminateAsync();

        // Nothing new is taken
        await Deadline.Until(() => IsRefused(late), "the end of the listening", () => sample.Output);

        // What runs is let end, the rest is killed: it is answered, and named in the log
        using var first = await Deadline.For(drained, "the request that ends in time", () => sample.Output);
        Assert.Equal("waited 2000 ms", await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var second = await Deadline.For(killed, "the request that does not", () => sample.Output);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal("killed", (string)(await second.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["reason"]!);
        Assert.Equal(0, await sample.ExitAsync());
        Assert.Contains("HTTP: GET /legacy/lock => TakeTicket) of hub requests-", sample.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("resisted", sample.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/legacy/wait => Wait) of hub", sample.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sigterm_ARequestResists_IsNamedAndAbortedAndTheExitIsClean(int protocol)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There is no SIGTERM here.");
        await using var sample = await SampleProcess.StartAsync(
            protocol, ("GreenletBridge:DrainTimeout", "00:00:00.500"), ("shutdownTimeoutSeconds", "4"));
        using var client = sample.NewClient();
        var resists = client.GetAsync("/legacy/busy?ms=60000", TestContext.Current.CancellationToken);
        await sample.ActiveAsync(1);

        await sample.TerminateAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => Deadline.For(resists, "the abort", () => sample.Output));
        Assert.Equal(0, await sample.ExitAsync());
        Assert.Matches(@"HTTP: GET /legacy/busy => Compute \(greenlet \d+ of hub requests-\d\) was killed .* ago and still runs; it waits for nothing that can be seen", sample.Output);
        Assert.Matches(@"1 greenlets resisted their kill and still run: #\d+ HTTP: GET /legacy/busy => Compute", sample.Output);
    }

    private static bool IsRefused(HttpClient client)
    {
        try
        {
            using var answer = client.GetAsync("/plain", TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            return false;
        }
        catch (HttpRequestException exception)
        {
            return exception.InnerException is SocketException;
        }
    }
}
