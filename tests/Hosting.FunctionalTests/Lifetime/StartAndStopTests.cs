using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Lifetime;

public class StartAndStopTests
{
    [Fact]
    public async Task Start_HostedServiceThatUsesTheBridge_FindsTheHubsRunning()
    {
        await using var app = await TestApp.StartAsync(
            static _ => { },
            static builder =>
            {
                builder.Services.AddSingleton<StartsOnTheBridge>();
                builder.Services.AddHostedService(static services => services.GetRequiredService<StartsOnTheBridge>());
            });

        Assert.StartsWith("requests-", app.App.Services.GetRequiredService<StartsOnTheBridge>().Hub, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_RequestsRun_LetsThemFinish()
    {
        var begun = new CountdownEvent(5);
        var gate = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () =>
        {
            begun.Signal();
            gate.Task.Wait();
            return "finished";
        }).RunInGreenlet());
        var requests = Enumerable.Range(0, 5).Select(_ => app.GetAsync("/")).ToList();
        Deadline.Wait(begun, "the handlers' begin", app.Logs.ToString);

        // Opened by the stop itself: the handlers end during the drain, not before
        app.App.Lifetime.ApplicationStopping.Register(gate.SetResult);
        await app.StopAsync();

        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal("finished", answer));
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Stop_RequestOutlastsTheDrain_IsKilledRunsItsFinallyAndGets503()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/", () =>
            {
                try
                {
                    begun.SetResult();
                    new TaskCompletionSource().Task.Wait();
                }
                finally
                {
                    ended.SetResult();
                }
            }).RunInGreenlet(),
            build: null,
            ("GreenletBridge:DrainTimeout", "00:00:00.200"));
        var request = app.Client.GetAsync("/", TestContext.Current.CancellationToken);
        await Deadline.For(begun.Task, "the handler's begin", app.Logs.ToString);

        await app.StopAsync();

        Assert.True(ended.Task.IsCompleted);
        using var response = await Deadline.For(request, "the answer", app.Logs.ToString);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Equal("killed", (string?)(await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["reason"]);
        Assert.Single(app.Logs.Named("DrainTimedOut"));
        Assert.Single(app.Logs.Named("GreenletKilledAtStop"));
        app.AssertNoErrors();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Stop_RequestAndBackgroundWorkResist_AreNamedAndTheConnectionIsAborted(int protocol)
    {
        var begun = new CountdownEvent(2);
        var gate = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/resists", () => Resist(begun, gate.Task)).RunInGreenlet(),
            static builder => builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(4)),
            ("GreenletBridge:DrainTimeout", "00:00:00.200"));
        var request = app.ClientOf(protocol).GetAsync("/resists", TestContext.Current.CancellationToken);
        var work = app.App.Services.GetRequiredKeyedService<IGreenletBridge>("legacy").RunAsync(() => Resist(begun, gate.Task), TestContext.Current.CancellationToken);
        Deadline.Wait(begun, "the begin of both", app.Logs.ToString);

        await app.StopAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Deadline.For(request, "the abort", app.Logs.ToString));
        var resists = Assert.Single(app.Logs.Named("ResistsKill"));
        Assert.Contains("HTTP: GET /resists", resists.Message, StringComparison.Ordinal);
        Assert.Contains("waits for a wait of the runtime", resists.Message, StringComparison.Ordinal);
        Assert.True((long)resists["Id"]! > 0);
        var left = app.Logs.Named("GreenletsLeftBehind");
        Assert.Equal(2, left.Count);
        Assert.Contains("HTTP: GET /resists", (string)left.Single(entry => !Equals(entry["Hub"], "legacy"))["Greenlets"]!, StringComparison.Ordinal);
        Assert.Contains(nameof(Stop_RequestAndBackgroundWorkResist_AreNamedAndTheConnectionIsAborted), (string)left.Single(entry => Equals(entry["Hub"], "legacy"))["Greenlets"]!, StringComparison.Ordinal);
        gate.SetResult();
        await Deadline.For(work, "the end of the work");
        await Deadline.Until(() => app.Logs.Named("ResistedKillEnded").Any(), "the report of its end", app.Logs.ToString);
    }

    private static void Resist(CountdownEvent begun, Task gate)
    {
        using (Greenlet.Shield())
        {
            begun.Signal();
            gate.Wait();
        }
    }

    [Fact]
    public async Task Stop_GreenletOutsideARequestRuns_IsDrainedToo()
    {
        var begun = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(static _ => { });
        var work = app.App.Services.GetRequiredService<IGreenletBridge>().RunAsync(
            () =>
            {
                begun.SetResult();
                gate.Task.Wait();
            },
            TestContext.Current.CancellationToken);
        await Deadline.For(begun.Task, "the greenlet's begin");

        app.App.Lifetime.ApplicationStopping.Register(gate.SetResult);
        await app.StopAsync();

        Assert.True(work.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Start_TwoApplicationsInOneProcess_HaveHubsOfTheirOwn()
    {
        await using var first = await TestApp.StartAsync(static app => app.MapGet("/", WhereAmI.Hub).RunInGreenlet());
        await using var second = await TestApp.StartAsync(static app => app.MapGet("/", WhereAmI.Hub).RunInGreenlet());

        await first.StopAsync();

        Assert.StartsWith("requests-", await second.GetAsync("/"), StringComparison.Ordinal);
    }
}
