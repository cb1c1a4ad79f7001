using Microsoft.Extensions.Hosting;

namespace GreenletBridge.Hosting;

/// <summary>A hosted service whose work is blocking code that runs in a greenlet for as long as the host does.</summary>
/// <example><code>
/// public sealed class Importer(IGreenletBridge bridge, Queue queue) : GreenletBackgroundService(bridge)
/// {
///     protected override void Execute(CancellationToken stoppingToken)
///     {
///         while (!stoppingToken.IsCancellationRequested)
///             Import(queue.Take(stoppingToken));
///     }
/// }
/// </code></example>
/// <param name="bridge">Where it runs; keyed by the name of a hub, on that one.</param>
/// <exception cref="ArgumentNullException"><paramref name="bridge"/> is null.</exception>
public abstract class GreenletBackgroundService(IGreenletBridge bridge) : BackgroundService
{
    private readonly IGreenletBridge _bridge = bridge ?? throw new ArgumentNullException(nameof(bridge));

    /// <summary>Whether the work is killed where it waits as soon as the host stops, after <c>Requests:KillGrace</c>.</summary>
    /// <value>The default is <see langword="false"/>: it gets what is left of <c>DrainTimeout</c> to see its token, and is killed then.</value>
    protected virtual bool KillOnStop => false;

    /// <summary>The work; it may block as it likes. What it throws is dealt with as for any <see cref="BackgroundService"/>.</summary>
    /// <param name="stoppingToken">Cancelled when the host stops.</param>
    protected abstract void Execute(CancellationToken stoppingToken);

    /// <summary>Runs <see cref="Execute"/> in a greenlet.</summary>
    /// <inheritdoc/>
    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var kills = KillOnStop;
        return _bridge.RunAsync(() => Run(kills, stoppingToken), kills ? stoppingToken : CancellationToken.None);
    }

    private void Run(bool kills, CancellationToken stoppingToken)
    {
        var greenlet = Greenlet.Current!;
        greenlet.Name = GetType().Name;
        // Asked for, the greenlet's own token is what gives the code its time before a wait is interrupted
        Execute(kills ? greenlet.KillToken : stoppingToken);
    }
}
