using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>Settings of the greenlet hubs of one host.</summary>
/// <remarks>
/// Bound from the configuration section <c>GreenletBridge</c> and validated when the host starts.
/// What code sets beats what configuration sets. Read once, at start: later changes have no effect.
/// </remarks>
public sealed class GreenletBridgeOptions
{
    /// <summary>Name of the configuration section: <c>GreenletBridge</c>.</summary>
    public const string SectionName = "GreenletBridge";

    /// <summary>Named hubs, each a lane of its own for code that is not thread-safe.</summary>
    /// <value>By name, case-insensitive. Names are letters, digits, <c>-</c> and <c>_</c>; <c>requests</c> is taken. The default is none.</value>
    public IDictionary<string, HubSettings> Hubs { get; } = new Dictionary<string, HubSettings>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The group of hubs that runs requests.</summary>
    [ValidateObjectMembers]
    public RequestSettings Requests { get; } = new();

    /// <summary>The threads on which blocking code runs.</summary>
    [ValidateObjectMembers]
    public CarrierSettings Carriers { get; } = new();

    /// <summary>How long running greenlets may go on once the application stops; then they are killed.</summary>
    /// <value>From 0 to 1 day, and less than <c>HostOptions.ShutdownTimeout</c> (30 seconds unless set). The default is 20 seconds.</value>
    [SettingRange("00:00:00", "1.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>From when on the health check calls a hub degraded or unhealthy.</summary>
    [ValidateObjectMembers]
    public HealthSettings Health { get; } = new();

    /// <summary>Adds a named hub, or changes the one that has this name.</summary>
    /// <param name="name">Name of the hub, case-insensitive.</param>
    /// <param name="configure">Sets the hub's settings; <see langword="null"/> leaves them as they are.</param>
    /// <returns>These options, for chaining.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public GreenletBridgeOptions AddHub(string name, Action<HubSettings>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!Hubs.TryGetValue(name, out var settings))
        {
            Hubs.Add(name, settings = new HubSettings());
        }

        configure?.Invoke(settings);
        return this;
    }
}
