namespace GreenletBridge.Hosting;

/// <summary>From when on the health check calls a hub degraded or unhealthy.</summary>
public sealed class HealthSettings
{
    /// <summary>The lag from which a hub is degraded: how long new work waits for its turn, measured by a probe that waits with it.</summary>
    /// <value>From 1 millisecond to 1 hour, and at most <see cref="UnhealthyLag"/>. The default is 500 milliseconds.</value>
    [LiveSetting]
    [SettingRange("00:00:00.001", "01:00:00")]
    public TimeSpan DegradedLag { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The lag from which a hub is unhealthy.</summary>
    /// <value>From 1 millisecond to 1 hour, and at least <see cref="DegradedLag"/>. The default is 5 seconds.</value>
    [LiveSetting]
    [SettingRange("00:00:00.001", "01:00:00")]
    public TimeSpan UnhealthyLag { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one segment may hold a hub, whether or not work waits for it, before the hub is unhealthy.</summary>
    /// <value>From 1 millisecond to 1 day. The default is 30 seconds.</value>
    [LiveSetting]
    [SettingRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan UnhealthyBlockedFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether requests are answered 503 at once while their hub is unhealthy, so that a balancer gives them to another instance.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    [LiveSetting]
    public bool RefuseRequests { get; set; } = true;
}
