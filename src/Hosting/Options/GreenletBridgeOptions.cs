using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>Settings of the greenlet hubs of one host.</summary>
/// <remarks>
/// Bound from the configuration section <c>GreenletBridge</c> and validated when the host starts.
/// What code sets beats what configuration sets. When the configuration is reloaded, limits, thresholds and times take effect at once;
/// what needs a restart is named in the log and left as it is.
/// </remarks>
public sealed class GreenletBridgeOptions
{
    private readonly HashSet<string> _added = new(StringComparer.OrdinalIgnoreCase);

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
    [LiveSetting]
    [SettingRange("00:00:00", "1.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>From when on the health check calls a hub degraded or unhealthy.</summary>
    [ValidateObjectMembers]
    public HealthSettings Health { get; } = new();

    /// <summary>What hubs and requests tell of themselves.</summary>
    public DiagnosticsSettings Diagnostics { get; } = new();

    /// <summary>Adds a named hub, or changes the one that configuration has given this name.</summary>
    /// <remarks>Two calls for one name fail the start. To change a hub that other code has added use <see cref="Hubs"/>.</remarks>
    /// <param name="name">Name of the hub, case-insensitive.</param>
    /// <param name="configure">Sets the hub's settings; <see langword="null"/> leaves them as they are.</param>
    /// <returns>These options, for chaining.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public GreenletBridgeOptions AddHub(string name, Action<HubSettings>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_added.Add(name))
        {
            AddedTwice.Add(name);
        }

        var settings = HubOf(name);
        configure?.Invoke(settings);
        return this;
    }

    /// <summary>Hubs for which <see cref="AddHub"/> was called more than once.</summary>
    internal ISet<string> AddedTwice { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings of a hub, which is made if there is none of this name.</summary>
    internal HubSettings HubOf(string name)
    {
        if (!Hubs.TryGetValue(name, out var settings))
        {
            Hubs.Add(name, settings = new HubSettings());
        }

        return settings;
    }
}
