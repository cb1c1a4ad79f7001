using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting.FunctionalTests.HealthChecks;

/// <summary>Has a hub held from its start on.</summary>
internal sealed class HoldsTheHub : IHostedLifecycleService
{
    private volatile bool _end;

    public IGreenletBridge? Bridge { get; set; }

    public void End() => _end = true;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Runs as soon as the hub does
        _ = Bridge!.RunAsync(
            () =>
            {
                while (!_end)
                {
                    Thread.SpinWait(10_000);
                }
            },
            CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
