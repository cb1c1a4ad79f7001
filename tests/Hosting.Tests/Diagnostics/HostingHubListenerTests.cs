using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

public class HostingHubListenerTests
{
    [Fact]
    public async Task OnGreenletFaulted_NobodyWaited_IsLoggedOnceWithTheException()
    {
        using var logs = new RecordingLoggerProvider();
        using var host = Host(logs);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var error = new InvalidOperationException("lost");

        await Deadline.For(
            host.Services.GetRequiredService<IGreenletBridge>().RunAsync(() => { Hub.Current!.Spawn(void () => throw error); }), "the spawning greenlet");

        var entry = await logs.WaitFor(e => e.EventId.Name == "GreenletFaulted", "the error's log entry");
        Assert.Same(error, entry.Exception);
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Equal("requests-0", entry["Hub"]);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Single(logs.Named("GreenletFaulted"));
    }

    [Fact]
    public async Task OnCarrierStartFailed_IsLoggedWithTheHub()
    {
        await using var host = await ObservedHost.StartAsync();
        var error = new ThreadStateException("no thread");

        host.Listeners.OnCarrierStartFailed(host.Hubs.All.First(), error);

        var failed = await host.Logs.WaitFor(e => e.EventId.Name == "CarrierStartFailed", "the error's log entry");
        Assert.Same(error, failed.Exception);
        Assert.Equal((LogLevel.Error, "requests-0"), (failed.Level, failed["Hub"]));
    }

    [Fact]
    public async Task OnUnhandledException_OfAPostedCallback_IsLoggedWithIt()
    {
        await using var host = await ObservedHost.StartAsync();
        var error = new InvalidOperationException("posted");

        await host.CallAsync(
            () =>
            {
                SynchronizationContext.Current!.Post(_ => throw error, null);
                return Task.CompletedTask;
            },
            "GET /posts");

        var entry = await host.Logs.WaitFor(e => e.EventId.Name == "UnhandledException", "the error's log entry");
        Assert.Same(error, entry.Exception);
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Equal("requests-0", entry["Hub"]);
    }

    [Fact]
    public async Task OnHubStopped_HostStops_IsLoggedBeforeTheStopReturns()
    {
        using var logs = new RecordingLoggerProvider();
        using var host = Host(logs);
        await host.StartAsync(TestContext.Current.CancellationToken);

        await Deadline.For(host.StopAsync(TestContext.Current.CancellationToken), "the stop");

        Assert.Single(logs.Named("HubStopping"));
        Assert.Single(logs.Named("HubStopped"));
    }

    [Fact]
    public async Task OnBlockageDetected_HubIsHeldUp_IsAWarningAndElseForDebugging()
    {
        await using var host = await ObservedHost.StartAsync();
        var hub = host.Hubs.All.First();

        Blocked.On(hub);
        Blocked.On(hub, work: "GET /other", handedOff: true);

        var warning = await host.Logs.WaitFor(e => e.EventId.Name == "BlockageDetected" && Equals(e["Work"], "GET /slow"), "the warning");
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Equal("requests-0", warning["Hub"]);
        var debug = await host.Logs.WaitFor(e => e.EventId.Name == "BlockageDetected" && Equals(e["Work"], "GET /other"), "the other entry");
        Assert.Equal(LogLevel.Debug, debug.Level);
    }

    [Fact]
    public async Task OnBlockageEnded_OfEachBlockage_IsLoggedOnceWithGreenletWorkPlaceAndDuration()
    {
        await using var host = await ObservedHost.StartAsync();

        var blockage = Blocked.Happens(host.Hubs.All.First());

        var entry = await host.Logs.WaitFor(e => e.EventId.Name == "BlockageEnded" && Equals(e["Work"], "GET /slow"), "the entry");
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal(blockage.Greenlet.Id, entry["Id"]);
        Assert.Equal("GET /slow", entry["Work"]);
        Assert.Equal("unseen", entry["Kind"]);
        Assert.Contains(nameof(Blocked.EndAtA), (string)entry["Place"]!, StringComparison.Ordinal);
        Assert.Equal(blockage.Duration, entry["Duration"]);
        Assert.Equal(false, entry["HandedOff"]);
        var scope = Assert.Single(entry.Scopes.OfType<KeyValuePair<string, object?>[]>()).ToDictionary();
        Assert.Equal(blockage.Greenlet.Id, scope["GreenletId"]);
        Assert.Equal("GET /slow", scope["GreenletEndpoint"]);
    }

    [Theory]
    [InlineData(1, LogLevel.Information)]
    [InlineData(3_600_000, LogLevel.Debug)]
    public async Task OnBlockageEnded_HandedOff_IsForDebuggingUnlessItWasLong(int maxBlockingMilliseconds, LogLevel expected)
    {
        await using var host = await ObservedHost.StartAsync();
        var hub = host.Hubs.All.First();
        hub.MaxBlockingTime = TimeSpan.FromMilliseconds(maxBlockingMilliseconds);
        var blockage = Blocked.On(hub, handedOff: true);
        SpinWait.SpinUntil(() => blockage.Duration.TotalMilliseconds > 1);

        Blocked.EndAtA(blockage);

        Assert.Equal(expected, (await host.Logs.WaitFor(e => e.EventId.Name == "BlockageEnded" && Equals(e["Work"], "GET /slow"), "the entry")).Level);
    }

    [Fact]
    public async Task Listener_OfTheApplication_IsToldAndMayThrow()
    {
        var told = new TaskCompletionSource<string>();
        await using var host = await ObservedHost.StartAsync(services => services.AddSingleton<HubListener>(new Throwing(told)));

        Blocked.Happens(host.Hubs.All.First());

        Assert.NotNull(await Deadline.For(told.Task, "the application's listener"));
        await host.Logs.WaitFor(e => e.EventId.Name == "BlockageEnded" && Equals(e["Work"], "GET /slow"), "the entry of those registered before and after");
    }

    private sealed class Throwing(TaskCompletionSource<string> told) : HubListener
    {
        public override void OnBlockageEnded(Blockage blockage)
        {
            told.TrySetResult(blockage.Hub.Name);
            throw new InvalidOperationException("a listener's own error");
        }
    }

    private static IHost Host(RecordingLoggerProvider logs) =>
        Settings.Host([("GreenletBridge:Requests:Hubs", "1")], services =>
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)));
}
