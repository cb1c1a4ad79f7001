using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.HealthChecks;

public sealed class RefusalTests
{
    private static readonly (string, string)[] _quick =
    [
        ("GreenletBridge:Health:DegradedLag", "00:00:00.050"),
        ("GreenletBridge:Health:UnhealthyLag", "00:00:00.100"),
        ("GreenletBridge:Hubs:legacy:MaxBlockingTime", "01:00:00"),
    ];

    private readonly Blocker _blocker = new();
    private int _handled;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Stalled_RequestsThatComeAndThatWait_Get503AndNeverBegin_UntilItGoesOn(int protocol)
    {
        await using var app = await StartAsync(_quick);
        var stalls = app.GetAsync("/block");
        await Deadline.For(_blocker.Begun, "the blocker's begin");
        var client = app.ClientOf(protocol);
        var waiting = Enumerable.Range(0, 5).Select(_ => client.GetAsync("/legacy", TestContext.Current.CancellationToken)).ToList();

        foreach (var request in waiting)
        {
            await AssertRefusedAsync(await Deadline.For(request, "the answer of one that waits", app.Logs.ToString));
        }

        await AssertRefusedAsync(await client.GetAsync("/legacy", TestContext.Current.CancellationToken));
        Assert.StartsWith("requests-", await app.GetAsync("/greenlet", client), StringComparison.Ordinal);
        Assert.Equal(0, Volatile.Read(ref _handled));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(app, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/health/live"));
        Assert.Single(app.Logs.Named("RefusesRequests"));

        _blocker.End();
        await stalls;
        await Deadline.Until(() => StatusAsync(app, "/legacy").Result == HttpStatusCode.OK, "requests that are taken again", app.Logs.ToString);
        Assert.Equal(1, Volatile.Read(ref _handled));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/health/ready"));
        Assert.Single(app.Logs.Named("TakesRequestsAgain"));
    }

    [Fact]
    public async Task Stalled_RefuseRequestsIsOff_LetsThemWait()
    {
        await using var app = await StartAsync([.. _quick, ("GreenletBridge:Health:RefuseRequests", "false")]);
        var stalls = app.GetAsync("/block");
        await Deadline.For(_blocker.Begun, "the blocker's begin");
        var waits = app.GetAsync("/legacy");
        await Deadline.Until(() => StatusAsync(app, "/health/ready").Result == HttpStatusCode.ServiceUnavailable, "an unhealthy report", app.Logs.ToString);

        Assert.False(waits.IsCompleted);
        _blocker.End();
        await Task.WhenAll(stalls, waits);
    }

    [Fact]
    public async Task Stuck_LongerThanUnhealthyBlockedFor_IsNotAliveAndNamesTheHub()
    {
        await using var app = await StartAsync(("GreenletBridge:Health:UnhealthyBlockedFor", "00:00:00.050"), ("GreenletBridge:Hubs:legacy:MaxBlockingTime", "01:00:00"));
        var stalls = app.GetAsync("/block");
        await Deadline.For(_blocker.Begun, "the blocker's begin");

        await Deadline.Until(() => StatusAsync(app, "/health/live").Result == HttpStatusCode.ServiceUnavailable, "a report that it is not alive", app.Logs.ToString);
        var report = JsonNode.Parse(await (await app.Client.GetAsync("/health/live")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(["greenlets"], report["entries"]!.AsObject().Select(entry => entry.Key));
        Assert.Contains("legacy: one greenlet has held it for", (string?)report["entries"]!["greenlets"]!["description"], StringComparison.Ordinal);
        _blocker.End();
        await stalls;
        await Deadline.Until(() => StatusAsync(app, "/health/live").Result == HttpStatusCode.OK, "a report that it is alive", app.Logs.ToString);
    }

    [Fact]
    public async Task OneHubOfTheGroupStalled_OthersTakeWork_IsDegradedAndRefusesNothing()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = GreenletHealthResponse.WriteJson });
                app.MapGet("/block", _blocker.Block).RunInGreenlet();
                app.MapGet("/greenlet", WhereAmI.Hub).RunInGreenlet();
            },
            builder => builder.Services.AddHealthChecks().AddGreenletHub(),
            ("GreenletBridge:Requests:Hubs", "2"),
            ("GreenletBridge:Requests:BlockingPolicy", "Report"),
            ("GreenletBridge:Requests:MaxBlockingTime", "01:00:00"),
            ("GreenletBridge:Health:UnhealthyBlockedFor", "00:00:00.050"));
        var stalls = app.GetAsync("/block");
        await Deadline.For(_blocker.Begun, "the blocker's begin");

        await Deadline.Until(() => StatusOf(app) == "Degraded", "a degraded report", app.Logs.ToString);

        Assert.StartsWith("requests-", await app.GetAsync("/greenlet"), StringComparison.Ordinal);
        Assert.Empty(app.Logs.Named("RefusesRequests"));
        _blocker.End();
        await stalls;
        await Deadline.Until(() => StatusOf(app) == "Healthy", "a healthy report", app.Logs.ToString);
    }

    private static string? StatusOf(TestApp app) =>
        (string?)JsonNode.Parse(app.Client.GetStringAsync("/health", TestContext.Current.CancellationToken).Result)!["status"];

    private static async Task<HttpStatusCode> StatusAsync(TestApp app, string path)
    {
        using var response = await Deadline.For(app.Client.GetAsync(path, TestContext.Current.CancellationToken), $"the answer of {path}", app.Logs.ToString);
        return response.StatusCode;
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("1", Assert.Single(response.Headers.GetValues("Retry-After")));
            var problem = await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
            Assert.Equal("unhealthy", (string?)problem!["reason"]);
        }
    }

    private Task<TestApp> StartAsync(params (string, string)[] settings) => TestApp.StartAsync(
        app =>
        {
            app.MapHealthChecks("/health/ready", Tagged("ready"));
            app.MapHealthChecks("/health/live", Tagged("live"));
            app.MapGet("/block", _blocker.Block).RunInGreenlet("legacy");
            app.MapGet("/legacy", () => Interlocked.Increment(ref _handled)).RunInGreenlet("legacy");
            app.MapGet("/greenlet", WhereAmI.Hub).RunInGreenlet();
        },
        builder => builder.Services.AddHealthChecks().AddGreenletHub(),
        settings);

    private static HealthCheckOptions Tagged(string tag) =>
        new() { Predicate = check => check.Tags.Contains(tag), ResponseWriter = GreenletHealthResponse.WriteJson };
}
