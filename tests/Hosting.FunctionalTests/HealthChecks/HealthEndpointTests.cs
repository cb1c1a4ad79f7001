using System.Net;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.HealthChecks;

public class HealthEndpointTests
{
    // Report: the watchdog would take the hub from its holder, should the machine stop that for some milliseconds
    private static readonly (string, string)[] _oneHub =
        [("GreenletBridge:Requests:Hubs", "1"), ("GreenletBridge:Requests:BlockingPolicy", "Report"), ("GreenletBridge:Requests:MaxBlockingTime", "01:00:00")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Health_HubsIdle_IsHealthyAndGivesTheirFigures(int protocol)
    {
        await using var app = await StartAsync(new Blocker());

        var (status, report) = await HealthAsync(app, protocol);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Healthy", (string?)report["status"]);
        var hub = report["entries"]!["greenlets:requests"]!["data"]!["hubs"]!["requests-0"]!;
        Assert.True((bool)hub["running"]!);
        Assert.Equal(0, (int)hub["queued"]!);
        Assert.InRange((double)hub["load"]!, 0, 1);
    }

    [Fact]
    public async Task Health_AGreenletHoldsAHubTooLong_IsUnhealthyUntilItEnds()
    {
        var blocker = new Blocker();
        await using var app = await StartAsync(blocker, ("GreenletBridge:Health:UnhealthyBlockedFor", "00:00:00.001"));
        var request = app.GetAsync("/block");
        await Deadline.For(blocker.Begun, "the blocker's begin");

        // It may be asked before the millisecond is over
        await Deadline.Until(() => HealthAsync(app).Result.Status == HttpStatusCode.ServiceUnavailable, "an unhealthy report", app.Logs.ToString);
        var (_, report) = await HealthAsync(app);
        blocker.End();
        await request;

        Assert.Equal("Unhealthy", (string?)report["status"]);
        Assert.Contains("requests-0: one greenlet has held it for", (string?)report["entries"]!["greenlets:requests"]!["description"], StringComparison.Ordinal);
        await Deadline.Until(() => HealthAsync(app).Result.Status == HttpStatusCode.OK, "a healthy report", app.Logs.ToString);
    }

    [Fact]
    public async Task Health_WorkWaitsForAHub_IsDegraded()
    {
        var blocker = new Blocker();
        await using var app = await StartAsync(
            blocker, ("GreenletBridge:Health:DegradedLag", "00:00:00.001"), ("GreenletBridge:Health:UnhealthyLag", "01:00:00"));
        var request = app.GetAsync("/block");
        await Deadline.For(blocker.Begun, "the blocker's begin");
        var queued = app.GetAsync("/greenlet");

        await Deadline.Until(() => (string?)HealthAsync(app).Result.Report["status"] == "Degraded", "a degraded report", app.Logs.ToString);
        blocker.End();
        await Task.WhenAll(request, queued);
    }

    private static Task<TestApp> StartAsync(Blocker blocker, params (string, string)[] settings) => TestApp.StartAsync(
        app =>
        {
            app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = GreenletHealthResponse.WriteJson });
            app.MapGet("/block", blocker.Block).RunInGreenlet();
            app.MapGet("/greenlet", WhereAmI.Hub).RunInGreenlet();
        },
        builder => builder.Services.AddHealthChecks().AddGreenletHub(),
        [.. _oneHub, .. settings]);

    private static async Task<(HttpStatusCode Status, JsonNode Report)> HealthAsync(TestApp app, int protocol = 1)
    {
        using var response = await Deadline.For(app.ClientOf(protocol).GetAsync("/health", TestContext.Current.CancellationToken), "the health report");
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
