using GreenletBridge.TestSupport;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>What hubs tell reaches every listener, and the log.</summary>
public class HubListenersTests
{
    [Fact]
    public void EveryEvent_IsPassedOn()
    {
        foreach (var method in typeof(HubListener).GetMethods().Where(static method => method.IsVirtual && method.DeclaringType == typeof(HubListener)))
        {
            var own = typeof(HubListeners).GetMethod(method.Name, [.. method.GetParameters().Select(static parameter => parameter.ParameterType)])!;
            Assert.True(own.DeclaringType == typeof(HubListeners), $"HubListeners does not pass {method.Name} on.");
        }
    }

    [Fact]
    public async Task OnOffloaded_OfSeveralHubs_IsLoggedOnceForALibrary()
    {
        await using var host = await ObservedHost.StartAsync();
        foreach (var hub in host.Hubs.All)
        {
            host.Listeners.OnOffloaded(hub, "Plain.Connection");
            host.Listeners.OnOffloaded(hub, "Other.Connection");
        }

        await host.Logs.WaitFor(entry => entry.EventId.Name == "Offloaded" && Equals(entry["Library"], "Other.Connection"), "the second library");
        Assert.Equal(["Other.Connection", "Plain.Connection"], host.Logs.Named("Offloaded").Select(entry => entry["Library"]).Order());
        Assert.All(host.Logs.Named("Offloaded"), entry => Assert.Equal(LogLevel.Warning, entry.Level));
    }

    [Fact]
    public async Task OnWatchLimited_IsAWarning()
    {
        await using var host = await ObservedHost.StartAsync();
        host.Listeners.OnWatchLimited(host.Hubs.All.First());

        var entry = await host.Logs.WaitFor(e => e.EventId.Name == "WatchLimited", "the warning");
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal("requests-0", entry["Hub"]);
    }
}
