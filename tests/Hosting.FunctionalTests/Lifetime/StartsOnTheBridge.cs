using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting.FunctionalTests.Lifetime;

/// <summary>A service that runs a greenlet as it starts.</summary>
internal sealed class StartsOnTheBridge(IGreenletBridge bridge) : IHostedService
{
    public string Hub { get; private set; } = "";

    public Task StartAsync(CancellationToken cancellationToken) => bridge.RunAsync(() => { Hub = WhereAmI.Hub(); }, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
