using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>The settings as they are now: what a reload has changed included.</summary>
/// <remarks>Of those that need a restart the values in force are in <see cref="IOptions{TOptions}"/>.</remarks>
internal sealed class CurrentSettings(IOptions<GreenletBridgeOptions> options)
{
    private volatile GreenletBridgeOptions? _reloaded;

    public GreenletBridgeOptions Value
    {
        get => _reloaded ?? options.Value;
        set
        {
            _reloaded = value;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>A reload has changed them.</summary>
    public event EventHandler? Changed;
}
