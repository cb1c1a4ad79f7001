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
    public async Task OnHubStopped_HostStops_IsLoggedBeforeTheStopReturns()
    {
        using var logs = new RecordingLoggerProvider();
        using var host = Host(logs);
        await host.StartAsync(TestContext.Current.CancellationToken);

        await Deadline.For(host.StopAsync(TestContext.Current.CancellationToken), "the stop");

        Assert.Single(logs.Named("HubStopped"));
    }

    private static IHost Host(RecordingLoggerProvider logs) =>
        Settings.Host([("GreenletBridge:Requests:Hubs", "1")], services =>
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)));
}
