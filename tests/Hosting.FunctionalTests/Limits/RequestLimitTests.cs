using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GreenletBridge.Hosting.FunctionalTests.Limits;

public class RequestLimitTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Limit_QueueFull_Answers503WithRetryAfterAndAProblemDocument(int protocol)
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:Concurrency", "1"), ("GreenletBridge:Requests:QueueLimit", "1"));
        var client = app.ClientOf(protocol);
        var runs = app.GetAsync("/gate?name=first", client);
        await Deadline.Until(() => _gate.Begun.Count == 1, "the first handler's begin", app.Logs.ToString);
        var waits = app.GetAsync("/gate?name=second", client);
        await WaitForQueuedAsync(app, 1);

        using var refused = await Deadline.For(client.GetAsync("/gate?name=third", TestContext.Current.CancellationToken), "the refusal", app.Logs.ToString);
        _gate.Open();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        var problem = (await refused.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.Equal(503, (int)problem["status"]!);
        Assert.Equal("queue_full", (string?)problem["reason"]);
        Assert.Equal("Too many requests wait to be handled.", (string?)problem["detail"]);
        Assert.Equal(["first", "second"], [await runs, await waits]);
        Assert.Equal(["first", "second"], _gate.Begun);
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Limit_RequestsWait_BeginInTheOrderInWhichTheyCame()
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:Concurrency", "1"));
        List<Task<string>> requests = [await BeginAsync(app, "0")];
        for (var i = 1; i <= 10; i++)
        {
            requests.Add(await QueueAsync(app, $"{i}", queued: i));
        }

        _gate.Open();
        await Deadline.For(Task.WhenAll(requests), "all answers", app.Logs.ToString);

        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"{i}"), _gate.Begun);
        Assert.Equal(1, _gate.Most);
    }

    [Fact]
    public async Task Limit_MiddlewareLeavesTheGreenlet_TheEndpointsOwnHasTheRequestsPermitAndLane()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseGreenletBridge(all: true, lane: static _ => "lane");
                app.Use(static async (_, next) =>
                {
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    Assert.Null(Greenlet.Current);
                    await next();
                });
                app.UseRouting();
                app.MapGet("/", WhereAmI.Hub).RunInGreenlet(lane: static _ => "lane");
                app.MapGet("/other", WhereAmI.Hub).RunInGreenlet(lane: static _ => "other");
            },
            build: null,
            ("GreenletBridge:Requests:Concurrency", "1"));

        for (var i = 0; i < 2; i++)
        {
            Assert.StartsWith("requests-", await app.GetAsync("/"), StringComparison.Ordinal);
            Assert.StartsWith("requests-", await app.GetAsync("/other"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Limit_OfTheGroup_HoldsForAllItsEndpointsAndNotForANamedHub()
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:Concurrency", "1"));
        var runs = await BeginAsync(app, "first");
        var waits = await QueueAsync(app, "second", queued: 1, path: "/attribute");

        Assert.Equal("legacy", await app.GetAsync("/legacy"));

        _gate.Open();
        Assert.Equal(["first", "second"], [await runs, await waits]);
    }

    [Fact]
    public async Task Limit_OfANamedHub_CountsRequestsThatWaitInTheirHandler()
    {
        await using var app = await StartAsync(("GreenletBridge:Hubs:legacy:Concurrency", "2"), ("GreenletBridge:Hubs:legacy:QueueLimit", "0"));
        var first = await BeginAsync(app, "first", path: "/legacy/gate");
        var second = await BeginAsync(app, "second", path: "/legacy/gate");

        using var refused = await SendAsync(app, "third", "/legacy/gate");
        _gate.Open();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(["first", "second"], [await first, await second]);
        Assert.Equal(2, _gate.Most);
    }

    [Fact]
    public async Task Limit_ClientGoesWhileItWaits_LeavesTheQueueAndNeverBegins()
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:Concurrency", "1"));
        using var gone = new CancellationTokenSource();
        var runs = await BeginAsync(app, "first");
        var leaves = app.Client.GetAsync("/gate?name=leaves", gone.Token);
        await WaitForQueuedAsync(app, 1);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        await WaitForQueuedAsync(app, 0);
        _gate.Open();
        await runs;

        Assert.Equal("last", await app.GetAsync("/gate?name=last"));
        Assert.Equal(["first", "last"], _gate.Begun);
    }

    [Fact]
    public async Task Limit_HostStopsWhileRequestsWait_AnswersThem503()
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:Concurrency", "1"), ("GreenletBridge:DrainTimeout", "00:00:00.200"));
        var runs = SendAsync(app, "first");
        await Deadline.Until(() => _gate.Begun.Count == 1, "the first handler's begin", app.Logs.ToString);
        var waits = SendAsync(app, "second");
        await WaitForQueuedAsync(app, 1);

        await app.StopAsync();

        foreach (var (request, reason) in ((Task<HttpResponseMessage>, string)[])[(runs, "killed"), (waits, "stopping")])
        {
            using var response = await Deadline.For(request, "the answer", app.Logs.ToString);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains($"\"reason\":\"{reason}\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.Equal(["first"], _gate.Begun);
    }

    [Fact]
    public async Task TimeInQueue_OfEachRequestThatBegins_IsMeasuredInSecondsByHub()
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:Concurrency", "1"), ("GreenletBridge:Requests:QueueLimit", "1"));
        using var metrics = new MetricRecorder("GreenletBridge", app.App.Services.GetRequiredService<IMeterFactory>());
        var runs = await BeginAsync(app, "first");
        var waits = await QueueAsync(app, "second", queued: 1);
        (await SendAsync(app, "third")).Dispose();
        _gate.Open();
        await Task.WhenAll(runs, waits);
        await app.GetAsync("/legacy");

        var times = metrics.Of("greenletbridge.request.time_in_queue");
        Assert.Equal(["legacy", "requests", "requests"], times.Select(time => (string)time.Tags["greenletbridge.hub"]!).Order(StringComparer.Ordinal));
        Assert.All(times, time => Assert.Equal("s", time.Unit));
        Assert.All(times, time => Assert.InRange(time.Value, 0, 60));
        var refused = Assert.Single(metrics.Of("greenletbridge.request.refused"));
        Assert.True(refused.Has("greenletbridge.hub", "requests") && refused.Has("greenletbridge.reason", "queue_full"), refused.ToString());
    }

    [Fact]
    public async Task Limit_AsManyAsADatabasePoolHas_NeverAsksThePoolForMore()
    {
        using var pool = new SemaphoreSlim(4);
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/", () =>
            {
                // As a pool whose wait has run out
                if (!pool.Wait(0))
                    throw new InvalidOperationException("No connection left.");
                Greenlet.Yield();
                pool.Release();
            }).RunInGreenlet(),
            build: null,
            ("GreenletBridge:Requests:Concurrency", "4"));

        await Deadline.For(Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.GetAsync("/"))), "100 answers", app.Logs.ToString);

        app.AssertNoErrors();
    }

    [Fact]
    public async Task FrameworksLimiter_OnAnEndpoint_LimitsThatEndpointAlone()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseRateLimiter();
                app.MapGet("/reports", _gate.Pass).RunInGreenlet().RequireRateLimiting("reports");
                app.MapGet("/other", WhereAmI.Hub).RunInGreenlet();
            },
            builder => builder.Services.AddRateLimiter(options =>
            {
                options.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
                options.AddConcurrencyLimiter("reports", limiter => (limiter.PermitLimit, limiter.QueueLimit) = (1, 0));
            }));
        var runs = app.GetAsync("/reports?name=first");
        await Deadline.Until(() => _gate.Begun.Count == 1, "the handler's begin", app.Logs.ToString);

        using var refused = await SendAsync(app, "second", "/reports");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.StartsWith("requests-", await app.GetAsync("/other"), StringComparison.Ordinal);
        _gate.Open();
        Assert.Equal("first", await runs);
    }

    private static Task<HttpResponseMessage> SendAsync(TestApp app, string name, string path = "/gate") =>
        Deadline.For(app.Client.GetAsync($"{path}?name={name}", TestContext.Current.CancellationToken), $"the answer of {name}", app.Logs.ToString);

    private static Task WaitForQueuedAsync(TestApp app, int queued) => Deadline.Until(
        () => app.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Result.Entries["greenlets:requests"].Data["requests_queued"] is int now && now == queued,
        $"{queued} requests that wait",
        app.Logs.ToString);

    private static async Task<Task<string>> QueueAsync(TestApp app, string name, int queued, string path = "/gate")
    {
        var request = app.GetAsync($"{path}?name={name}");
        await WaitForQueuedAsync(app, queued);
        return request;
    }

    private Task<TestApp> StartAsync(params (string, string)[] settings) => TestApp.StartAsync(
        app =>
        {
            app.UseGreenletBridge();
            app.MapGet("/gate", _gate.Pass).RunInGreenlet();
            app.MapGet("/attribute", [RunInGreenlet] (string name) => _gate.Pass(name));
            app.MapGet("/legacy", WhereAmI.Hub).RunInGreenlet("legacy");
            app.MapGet("/legacy/gate", _gate.Pass).RunInGreenlet("legacy");
        },
        builder => builder.Services.AddHealthChecks().AddGreenletHub(),
        settings);

    private async Task<Task<string>> BeginAsync(TestApp app, string name, string path = "/gate")
    {
        var request = app.GetAsync($"{path}?name={name}");
        await Deadline.Until(() => _gate.Begun.Contains(name), $"the begin of {name}", app.Logs.ToString);
        return request;
    }
}
