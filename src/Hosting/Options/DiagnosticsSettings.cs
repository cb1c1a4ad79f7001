namespace GreenletBridge.Hosting;

/// <summary>What hubs and requests tell of themselves. Metrics, traces and events need no setting: they are made while somebody listens.</summary>
public sealed class DiagnosticsSettings
{
    /// <summary>Whether what a request's greenlet logs has a scope with its number, hub and endpoint.</summary>
    /// <value>The default is <see langword="true"/>. Costs nothing where no log provider is registered.</value>
    [LiveSetting]
    public bool LogScopes { get; set; } = true;

    /// <summary>Whether greenlets take their own stack whenever they are spawned or begin to wait, so that snapshots show where.</summary>
    /// <value>The default is <see langword="false"/>: it costs some ten microseconds a wait.</value>
    [LiveSetting]
    public bool CaptureStacks { get; set; }

    /// <summary>Whether the signal SIGUSR1 has a snapshot of every hub written to the log.</summary>
    /// <value>The default is <see langword="false"/>. Not on Windows, which has no such signal.</value>
    [LiveSetting]
    public bool DumpOnSignal { get; set; }
}
