using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting.Tests.Lifetime;

/// <summary>A service that does something of the test's in one phase of its host's start.</summary>
internal sealed class StartStep(StartPhase phase, Func<CancellationToken, Task> step) : IHostedLifecycleService
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the step has begun.</summary>
    public Task Begun => _begun.Task;

    public Task StartingAsync(CancellationToken cancellationToken) => EnterAsync(StartPhase.Starting, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => EnterAsync(StartPhase.Start, cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => EnterAsync(StartPhase.Started, cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task EnterAsync(StartPhase now, CancellationToken cancellationToken)
    {
        if (now != phase)
            return Task.CompletedTask;
        _begun.SetResult();
        return step(cancellationToken);
    }
}
