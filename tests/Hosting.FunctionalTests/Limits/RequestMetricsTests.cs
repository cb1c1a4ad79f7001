using System.Diagnostics.Metrics;
using System.Net;
using GreenletBridge.Hosting.FunctionalTests.HealthChecks;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GreenletBridge.Hosting.FunctionalTests.Limits;

/// <summary>The tags of requests' metrics, by real requests.</summary>
public sealed class RequestMetricsTests
{
    private const string Refused = "greenletbridge.request.refused";
    private const string Reason = "greenletbridge.reason";
    private const string HubTag = "greenletbridge.hub";

    private readonly Gate _gate = new();
    private readonly Blocker _blocker = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Refused_QueueOrLaneIsFull_IsCountedByHubAndReason(int protocol)
    {
        await using var app = await StartAsync(
            ("GreenletBridge:Hubs:legacy:Concurrency", "1"), ("GreenletBridge:Hubs:legacy:QueueLimit", "0"), ("GreenletBridge:Requests:LaneQueueLimit", "0"));
        using var metrics = Record(app);
        var client = app.ClientOf(protocol);
        var legacy = app.GetAsync("/legacy?name=legacy", client);
        var lane = app.GetAsync("/lane?name=lane", client);
        await Deadline.Until(() => _gate.Begun.Count == 2, "the begin of both", app.Logs.ToString);

        await AssertRefusedAsync(app, client, "/legacy?name=more");
        await AssertRefusedAsync(app, client, "/lane?name=more");
        _gate.Open();
        await Task.WhenAll(legacy, lane);

        var counted = metrics.Of(Refused);
        Assert.Equal(2, counted.Count);
        Assert.Contains(counted, one => one.Has(HubTag, "legacy") && one.Has(Reason, "queue_full"));
        Assert.Contains(counted, one => one.Has(HubTag, "requests") && one.Has(Reason, "lane_full"));
        Assert.Equal(2, metrics.Of("greenletbridge.request.time_in_queue").Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Refused_HubIsUnhealthyThenTheHostStops_IsCountedByHubAndReason(int protocol)
    {
        await using var app = await StartAsync(
            ("GreenletBridge:Hubs:legacy:MaxBlockingTime", "01:00:00"), ("GreenletBridge:Health:DegradedLag", "00:00:00.050"),
            ("GreenletBridge:Health:UnhealthyLag", "00:00:00.100"), ("GreenletBridge:DrainTimeout", "00:00:00"));
        using var metrics = Record(app);
        var client = app.ClientOf(protocol);
        var blocks = app.GetAsync("/block", client);
        await Deadline.For(_blocker.Begun, "the begin", app.Logs.ToString);

        await AssertRefusedAsync(app, client, "/legacy?name=waits");
        Assert.Contains(metrics.Of(Refused), one => one.Has(HubTag, "legacy") && one.Has(Reason, "unhealthy"));
        _blocker.End();
        await blocks;

        var runs = client.GetAsync("/lane?name=first", TestContext.Current.CancellationToken);
        await Deadline.Until(() => _gate.Begun.Contains("first"), "its begin", app.Logs.ToString);
        var waits = client.GetAsync("/lane?name=second", TestContext.Current.CancellationToken);
        await Deadline.Until(() => Queued(app) == 1, "the other's wait", app.Logs.ToString);
        await app.StopAsync();
        using var killed = await Deadline.For(runs, "the answer of the killed one", app.Logs.ToString);
        using var refused = await Deadline.For(waits, "the answer of the one that waits", app.Logs.ToString);
        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable], [killed.StatusCode, refused.StatusCode]);

        // The one that was killed had begun
        Assert.Single(metrics.Of(Refused), one => one.Has(HubTag, "requests") && one.Has(Reason, "stopping"));
    }

    private static int Queued(TestApp app) =>
        (int)app.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken).Result.Entries["greenlets:requests"].Data["lanes_queued"];

    private static MetricRecorder Record(TestApp app) => new("GreenletBridge", app.App.Services.GetRequiredService<IMeterFactory>());

    private static async Task AssertRefusedAsync(TestApp app, HttpClient client, string path)
    {
        using var answer = await Deadline.For(client.GetAsync(path, TestContext.Current.CancellationToken), $"the answer of {path}", app.Logs.ToString);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    private Task<TestApp> StartAsync(params (string, string)[] settings) => TestApp.StartAsync(
        app =>
        {
            app.MapGet("/legacy", _gate.Pass).RunInGreenlet("legacy");
            app.MapGet("/lane", _gate.Pass).RunInGreenlet(lane: static _ => "lane");
            app.MapGet("/block", _blocker.Block).RunInGreenlet("legacy");
        },
        static builder => builder.Services.AddHealthChecks().AddGreenletHub(),
        settings);
}
