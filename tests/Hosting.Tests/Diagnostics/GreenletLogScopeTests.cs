using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

public partial class GreenletLogScopeTests
{
    [Fact]
    public async Task Log_InACall_HasNumberHubAndEndpoint()
    {
        await using var host = await ObservedHost.StartAsync();
        var logger = host.Services.GetRequiredService<ILogger<GreenletLogScopeTests>>();
        long id = 0;

        await host.CallAsync(
            async () =>
            {
                id = Greenlet.Current!.Id;
                await Task.Yield();
                Said(logger);
            },
            "GET /logged");

        var scope = ScopeOf(Assert.Single(host.Logs.Named("Said")));
        Assert.Equal(id, scope["GreenletId"]);
        Assert.Equal("requests-0", scope["GreenletHub"]);
        Assert.Equal("GET /logged", scope["GreenletEndpoint"]);
    }

    [Fact]
    public async Task Log_InASpawnedGreenlet_HasItsOwnNumberAndTheCallsEndpoint()
    {
        await using var host = await ObservedHost.StartAsync();
        var logger = host.Services.GetRequiredService<ILogger<GreenletLogScopeTests>>();
        Greenlet? child = null;

        await host.CallAsync(
            () =>
            {
                child = Hub.Current!.Spawn(() => Said(logger));
                child.Join();
                return Task.CompletedTask;
            },
            "GET /logged");

        var scope = ScopeOf(Assert.Single(host.Logs.Named("Said")));
        Assert.Equal(child!.Id, scope["GreenletId"]);
        Assert.Equal("GET /logged", scope["GreenletEndpoint"]);
    }

    [Fact]
    public async Task Log_AfterTheCall_HasNoScope()
    {
        await using var host = await ObservedHost.StartAsync();
        var logger = host.Services.GetRequiredService<ILogger<GreenletLogScopeTests>>();

        await host.CallAsync(() => Task.CompletedTask);
        Said(logger);

        Assert.Empty(ScopesOf(Assert.Single(host.Logs.Named("Said"))));
    }

    [Fact]
    public async Task Log_ScopesAreOff_HasNone()
    {
        await using var host = await ObservedHost.StartAsync(null, ("GreenletBridge:Diagnostics:LogScopes", "false"));
        var logger = host.Services.GetRequiredService<ILogger<GreenletLogScopeTests>>();

        await host.CallAsync(() =>
        {
            Said(logger);
            return Task.CompletedTask;
        });

        Assert.Empty(ScopesOf(Assert.Single(host.Logs.Named("Said"))));
    }

    [LoggerMessage(1, LogLevel.Information, "said")]
    private static partial void Said(ILogger logger);

    private static Dictionary<string, object?> ScopeOf(LogEntry entry) => Assert.Single(ScopesOf(entry)).ToDictionary();

    private static IEnumerable<KeyValuePair<string, object?>[]> ScopesOf(LogEntry entry) =>
        entry.Scopes.OfType<KeyValuePair<string, object?>[]>().Where(pairs => pairs.Any(pair => pair.Key == "GreenletId"));
}
