using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.HealthChecks;

public class GreenletHubHealthCheckTests
{
    [Fact]
    public async Task CheckHealth_HubsRun_IsHealthyWithTheFiguresOfEach()
    {
        using var host = Host();
        await host.StartAsync(TestContext.Current.CancellationToken);

        var report = await CheckAsync(host);

        Assert.Equal(["greenlets", "greenlets:legacy", "greenlets:requests"], report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(["requests-0", "requests-1"], Hubs(report.Entries["greenlets:requests"]).Keys.Order(StringComparer.Ordinal));
        var figures = Hubs(report.Entries["greenlets:legacy"])["legacy"];
        Assert.Equal(true, figures["running"]);
        Assert.Equal(true, figures["exclusive"]);
        Assert.Equal(0, figures["queued"]);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task CheckHealth_BeforeTheHostStarts_IsUnhealthyAndNamesTheHubs()
    {
        using var host = Host();

        var entry = (await CheckAsync(host)).Entries["greenlets:requests"];

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("requests-0: does not run.", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealth_HookWasNotCalledAtStart_IsUnhealthyAndSaysSo()
    {
        using var host = Host();
        await host.StartAsync(TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<HubSet>().Unhooked = ["legacy"];

        var report = await CheckAsync(host);
        var entry = report.Entries["greenlets:legacy"];

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Equal("legacy: the wait hook was not called at start.", entry.Description);
        Assert.Equal(HealthStatus.Healthy, report.Entries["greenlets:requests"].Status);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_OnThisRuntime_FindsTheHookOnEveryHub()
    {
        using var logs = new RecordingLoggerProvider();
        using var host = Host(services => services.AddLogging(logging => logging.AddProvider(logs)));

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Empty(host.Services.GetRequiredService<HubSet>().Unhooked);
        Assert.Empty(logs.Named("HookNotCalled"));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Host(Action<IServiceCollection>? more = null) =>
        Settings.Host([("GreenletBridge:Requests:Hubs", "2"), ("GreenletBridge:Hubs:legacy:Exclusive", "true")], services =>
        {
            services.AddHealthChecks().AddGreenletHub();
            more?.Invoke(services);
        });

    private static Task<HealthReport> CheckAsync(IHost host) => Deadline.For(
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken), "the health report");

    private static Dictionary<string, IReadOnlyDictionary<string, object>> Hubs(HealthReportEntry entry) =>
        Assert.IsType<Dictionary<string, IReadOnlyDictionary<string, object>>>(entry.Data["hubs"]);
}
