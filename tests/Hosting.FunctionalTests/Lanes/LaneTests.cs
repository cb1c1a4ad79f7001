using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GreenletBridge.Hosting.FunctionalTests.Limits;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GreenletBridge.Hosting.FunctionalTests.Lanes;

public class LaneTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData("/convention")]
    [InlineData("/attribute")]
    [InlineData("/branch")]
    public async Task Lane_OneRequestRuns_OthersOfTheLaneWaitAndOtherLanesDoNot(string path)
    {
        await using var app = await StartAsync();
        var runs = app.GetAsync($"{path}?name=a1&lane=a");
        await WaitForBegunAsync(app, "a1");
        var waits = app.GetAsync($"{path}?name=a2&lane=a");
        var other = app.GetAsync($"{path}?name=b1&lane=b");
        var none = app.GetAsync($"{path}?name=none");

        await WaitForBegunAsync(app, "b1");
        await WaitForBegunAsync(app, "none");

        Assert.DoesNotContain("a2", _gate.Begun);
        _gate.Open();
        Assert.Equal(["a1", "a2", "b1", "none"], [await runs, await waits, await other, await none]);
        await WaitForFigureAsync(app, "lanes", 0);
    }

    [Fact]
    public async Task Lane_RequestsOfSeveralEndpointsAndHubs_ShareItInTheOrderInWhichTheyCame()
    {
        await using var app = await StartAsync();
        List<Task<string>> requests = [app.GetAsync("/convention?name=0&lane=a")];
        await WaitForBegunAsync(app, "0");
        for (var i = 1; i <= 9; i++)
        {
            requests.Add(app.GetAsync($"{(i % 2 == 0 ? "/convention" : "/legacy")}?name={i}&lane=a"));
            await WaitForFigureAsync(app, "lanes_queued", i);
        }

        _gate.Open();
        await Deadline.For(Task.WhenAll(requests), "all answers", app.Logs.ToString);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), _gate.Begun);
        Assert.Equal(1, _gate.Most);
    }

    [Fact]
    public async Task Lane_ClientGoesWhileItWaits_GivesUpItsPlace()
    {
        await using var app = await StartAsync();
        using var gone = new CancellationTokenSource();
        var runs = app.GetAsync("/convention?name=first&lane=a");
        await WaitForBegunAsync(app, "first");
        var leaves = app.Client.GetAsync("/convention?name=leaves&lane=a", gone.Token);
        await WaitForFigureAsync(app, "lanes_queued", 1);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        await WaitForFigureAsync(app, "lanes_queued", 0);
        _gate.Open();
        await runs;

        Assert.Equal("last", await app.GetAsync("/convention?name=last&lane=a"));
        await WaitForFigureAsync(app, "lanes", 0);
        Assert.DoesNotContain("leaves", _gate.Begun);
    }

    [Fact]
    public async Task Lane_HandlerIsKilledOrThrows_IsGivenUp()
    {
        await using var app = await StartAsync();
        using var gone = new CancellationTokenSource();
        var killed = app.Client.GetAsync("/convention?name=killed&lane=a", gone.Token);
        await WaitForBegunAsync(app, "killed");
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => killed);
        using var threw = await app.Client.GetAsync("/throws?lane=a", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, threw.StatusCode);
        await WaitForFigureAsync(app, "lanes", 0);
    }

    [Fact]
    public async Task Lane_TooManyWait_Answers503()
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:LaneQueueLimit", "0"));
        var runs = app.GetAsync("/convention?name=first&lane=a");
        await WaitForBegunAsync(app, "first");

        using var refused = await app.Client.GetAsync("/convention?name=second&lane=a", TestContext.Current.CancellationToken);
        var problem = (await refused.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        _gate.Open();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("lane_full", (string?)problem["reason"]);
        await runs;
    }

    [Fact]
    public async Task Lane_RequestOfAMiddlewareAndOfItsEndpoint_DoesNotWaitForItself()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseGreenletBridge(all: true, lane: Key);
            app.MapGet("/", WhereAmI.Hub).RunInGreenlet("legacy", lane: Key);
        });

        Assert.Equal("legacy", await app.GetAsync("/?lane=a"));
        Assert.Equal("legacy", await app.GetAsync("/?lane=a"));
    }

    [Fact]
    public async Task Lane_OfAnAsyncHandler_IsHeldToItsEnd()
    {
        var inside = 0;
        var together = 0;
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", async () =>
        {
            if (Interlocked.Increment(ref inside) != 1)
                Interlocked.Increment(ref together);
            await Task.Yield();
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }).RunInGreenlet(lane: Key));

        await Deadline.For(Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.GetAsync("/?lane=a"))), "50 answers", app.Logs.ToString);

        Assert.Equal(0, together);
    }

    [Fact]
    public async Task Lane_FunctionThrows_Is500AndTheLogNamesTheEndpointAndTheCause()
    {
        await using var app = await TestApp.StartAsync(app =>
            app.MapGet("/x", WhereAmI.Hub).RunInGreenlet(lane: context => context.Session.Id));

        using var response = await app.Client.GetAsync("/x", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var entry = await app.Logs.WaitFor(entry => entry.Exception is InvalidOperationException, "the log entry");
        Assert.Equal(
            "The lane function of endpoint 'HTTP: GET /x => Hub' threw InvalidOperationException: Session has not been configured for this application or request. "
            + "It must name a lane, or return null for none.",
            entry.Exception!.Message);
    }

    private static string? Key(HttpContext context) => context.Request.Query["lane"];

    private static Task WaitForFigureAsync(TestApp app, string name, int value) => Deadline.Until(
        () => app.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Result.Entries["greenlets:requests"].Data[name] is int now && now == value,
        $"{name} = {value}",
        app.Logs.ToString);

    private Task WaitForBegunAsync(TestApp app, string name) => Deadline.Until(() => _gate.Begun.Contains(name), $"the begin of {name}", app.Logs.ToString);

    private Task<TestApp> StartAsync(params (string, string)[] settings) => TestApp.StartAsync(
        app =>
        {
            app.UseRouting();
            app.MapWhen(context => context.Request.Path == "/branch", branch => branch
                .UseGreenletBridge(all: true, lane: Key)
                .Run(context => context.Response.WriteAsync(_gate.Pass(context.Request.Query["name"]!))));
            app.UseGreenletBridge();
            app.MapGet("/convention", _gate.Pass).RunInGreenlet(lane: Key);
            app.MapGet("/legacy", _gate.Pass).RunInGreenlet("legacy", lane: Key);
            app.MapGet("/attribute", [RunInGreenlet, SessionLane] (string name) => _gate.Pass(name));
            app.MapGet("/throws", void () => throw new InvalidTimeZoneException()).RunInGreenlet(lane: Key);
        },
        builder => builder.Services.AddHealthChecks().AddGreenletHub(),
        settings);
}
