using System.Globalization;
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

/// <summary>Lanes that clients name as they like: how many there are, how many wait, and what is left of them.</summary>
public class ManyLanesTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task Lanes_ManyWithLongNames_AreAsManyAsThereAreRequestsInThem_AndNoneIsLeft()
    {
        const int Lanes = 200;
        await using var app = await StartAsync();
        var requests = Enumerable.Range(0, Lanes).Select(lane => app.GetAsync(PathOf($"runs {lane}", lane))).ToList();
        await WaitForFigureAsync(app, "lanes", Lanes);
        // A second one in every fourth lane makes no lane more
        requests.AddRange(Enumerable.Range(0, Lanes / 4).Select(lane => app.GetAsync(PathOf($"waits {lane}", lane * 4))));
        await WaitForFigureAsync(app, "lanes_queued", Lanes / 4);
        await Deadline.Until(() => _gate.Begun.Count == Lanes, "all lanes to be taken", app.Logs.ToString);
        await WaitForFigureAsync(app, "lanes", Lanes);

        _gate.Open();
        var answers = await Deadline.For(Task.WhenAll(requests), "all answers", app.Logs.ToString);

        Assert.Equal(answers.Order(StringComparer.Ordinal), _gate.Begun.Order(StringComparer.Ordinal));
        await WaitForFigureAsync(app, "lanes", 0);
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Lanes_MoreThanMayRunAndWait_TheRestIsRefusedAndHoldsNone()
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:Concurrency", "2"), ("GreenletBridge:Requests:QueueLimit", "3"));
        var requests = Enumerable.Range(0, 30).Select(lane => SendAsync(app, PathOf($"{lane}", lane))).ToList();

        await Deadline.Until(() => requests.Count(static request => request.IsCompleted) == 25, "the refusals", app.Logs.ToString);
        await WaitForFigureAsync(app, "lanes", 5);
        _gate.Open();
        var answers = await Deadline.For(Task.WhenAll(requests), "all answers", app.Logs.ToString);

        Assert.Equal(5, answers.Count(static answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(25, answers.Count(static answer => answer is { Status: HttpStatusCode.ServiceUnavailable, Reason: "queue_full" }));
        Assert.Equal((5, 2), (_gate.Begun.Count, _gate.Most));
        await WaitForFigureAsync(app, "lanes", 0);
    }

    [Fact]
    public async Task Lane_FloodedByOneClient_RefusesPastItsLimit_AndOtherLanesAreServed()
    {
        await using var app = await StartAsync(("GreenletBridge:Requests:LaneQueueLimit", "4"));
        var flood = Enumerable.Range(0, 20).Select(i => SendAsync(app, PathOf($"{i}", 1))).ToList();
        await Deadline.Until(() => flood.Count(static request => request.IsCompleted) == 15, "the refusals", app.Logs.ToString);

        Assert.Equal("other", await app.GetAsync("/free?name=other&lane=other"));
        _gate.Open();
        var answers = await Deadline.For(Task.WhenAll(flood), "all answers", app.Logs.ToString);

        Assert.Equal(5, answers.Count(static answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(15, answers.Count(static answer => answer is { Status: HttpStatusCode.ServiceUnavailable, Reason: "lane_full" }));
        Assert.Equal(1, _gate.Most);
        await WaitForFigureAsync(app, "lanes", 0);
    }

    [Fact]
    public async Task Lanes_TheirClientsLeave_NoneIsLeftAndNothingOfTheirsBegins()
    {
        await using var app = await StartAsync();
        var gone = Enumerable.Range(0, 100).Select(static _ => new CancellationTokenSource()).ToList();
        var leave = gone.Select((source, i) => app.Client.GetAsync(PathOf($"{i}", i % 20), source.Token)).ToList();
        await WaitForFigureAsync(app, "lanes_queued", 80);
        await Deadline.Until(() => _gate.Begun.Count == 20, "the first of each lane", app.Logs.ToString);
        var begun = _gate.Begun.Select(static name => int.Parse(name, CultureInfo.InvariantCulture)).ToHashSet();

        // Those who wait first: the server hears of each leaving for itself
        await Task.WhenAll(gone.Where((_, i) => !begun.Contains(i)).Select(static source => source.CancelAsync()));
        await WaitForFigureAsync(app, "lanes_queued", 0);
        await WaitForFigureAsync(app, "lanes", 20);
        await Task.WhenAll(gone.Select(static source => source.CancelAsync()));
        await WaitForFigureAsync(app, "lanes", 0);

        await Deadline.For(Task.WhenAll(leave.Select(static request => Assert.ThrowsAnyAsync<OperationCanceledException>(() => request))), "the clients to leave");
        Assert.Equal(20, _gate.Begun.Count);
        gone.ForEach(static source => source.Dispose());
        _gate.Open();
        Assert.Equal("last", await app.GetAsync(PathOf("last", 1)));
    }

    [Fact]
    public async Task Lane_FunctionThrows_GivesBackItsPlace()
    {
        await using var app = await TestApp.StartAsync(
            static app => app.MapGet("/", WhereAmI.Hub).RunInGreenlet(lane: static context =>
                context.Request.Query["lane"] == "bad" ? throw new InvalidTimeZoneException() : context.Request.Query["lane"]),
            static builder => builder.Services.AddHealthChecks().AddGreenletHub(),
            ("GreenletBridge:Requests:Concurrency", "1"),
            ("GreenletBridge:Requests:QueueLimit", "0"));

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await SendAsync(app, "/?lane=bad")).Status);
            Assert.StartsWith("requests-", await app.GetAsync("/?lane=good"), StringComparison.Ordinal);
        }

        await WaitForFigureAsync(app, "lanes", 0);
    }

    // Names as long as a request line allows, and of any characters
    private static string PathOf(string name, int lane) => $"/gate?name={name}&lane={Uri.EscapeDataString($"ünïcode\r\n\"{lane}\" {new string('x', 1_000)}")}";

    private static async Task<(HttpStatusCode Status, string? Reason)> SendAsync(TestApp app, string path)
    {
        using var response = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var problem = isProblem ? await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken) : null;
        return (response.StatusCode, (string?)problem?["reason"]);
    }

    private static Task WaitForFigureAsync(TestApp app, string name, int value) => Deadline.Until(
        () => app.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().Result.Entries["greenlets:requests"].Data[name] is int now && now == value,
        $"{name} = {value}",
        app.Logs.ToString);

    private Task<TestApp> StartAsync(params (string, string)[] settings) => TestApp.StartAsync(
        app =>
        {
            app.MapGet("/gate", _gate.Pass).RunInGreenlet(lane: Key);
            app.MapGet("/free", static (string name) => name).RunInGreenlet(lane: Key);
        },
        builder => builder.Services.AddHealthChecks().AddGreenletHub(),
        settings);

    private static string? Key(HttpContext context) => context.Request.Query["lane"];
}
