using System.Diagnostics;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Alone: the signal goes to the process.</summary>
[Collection(nameof(WholeProcess))]
public class SnapshotSignalTests
{
    private const string Key = "GreenletBridge:Diagnostics:DumpOnSignal";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signal_OptionIsSet_WritesEveryHubAndWhatHoldsIt(bool later)
    {
        Assert.SkipWhen(SnapshotSignal.Number is null, "This system has no SIGUSR1.");
        await using var host = await ObservedHost.StartAsync(null, (Key, later ? "false" : "true"));
        if (later)
        {
            var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
            configuration[Key] = "true";
            configuration.Reload();
            Assert.Equal(Key, Assert.Single(host.Logs.Named("SettingChanged"))["Key"]);
        }

        var end = new TaskCompletionSource();
        var waiting = host.CallAsync(() => end.Task, "GET /waits");
        await Deadline.Until(() => host.Hubs.All.First().Snapshot().Waiting == 1, "the wait");
        Blocked.On(host.Hubs.All.First());

        using (var kill = Process.Start("kill", ["-USR1", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await Deadline.For(kill.WaitForExitAsync(TestContext.Current.CancellationToken), "kill -USR1");

        var entry = await host.Logs.WaitFor(e => e.EventId.Name == "HubSnapshot" && Equals(e["Hub"], "requests-0"), "the snapshot");
        await host.Logs.WaitFor(e => e.EventId.Name == "HubSnapshot" && Equals(e["Hub"], "legacy"), "the other hub's snapshot");
        var held = await host.Logs.WaitFor(e => e.EventId.Name == "HubHeld" && Equals(e["Work"], "GET /slow"), "what holds the hub");
        end.SetResult();
        await waiting;
        Assert.Contains("GET /waits Waiting", entry.Message, StringComparison.Ordinal);
        Assert.Equal("GET /slow", held["Work"]);
    }
}
