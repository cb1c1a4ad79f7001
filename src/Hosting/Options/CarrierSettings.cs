namespace GreenletBridge.Hosting;

/// <summary>Settings of the threads on which blocking code runs.</summary>
/// <remarks>The threads are shared by all hubs of the process. A host that leaves every value at its default changes nothing another host has set.</remarks>
public sealed class CarrierSettings
{
    /// <summary>How many threads new work may take; work past it waits in order.</summary>
    /// <value>From 1 to 20000, and at most <see cref="HardMax"/>. The default is 1000.</value>
    [LiveSetting]
    [SettingRange(1, 20000)]
    public int Max { get; set; } = 1000;

    /// <summary>How many threads there may be in all, with those that begun work needs to finish.</summary>
    /// <value>From 1 to 20000, and at least <see cref="Max"/>. The default is 10000.</value>
    [LiveSetting]
    [SettingRange(1, 20000)]
    public int HardMax { get; set; } = 10000;

    /// <summary>Maximum stack size of a thread, in bytes.</summary>
    /// <value>0 (what a thread-pool thread has), or from 65536 (64 KiB) to 268435456 (256 MiB). The default is 0.</value>
    [SettingRange(0, 256 * 1024 * 1024)]
    public int StackSize { get; set; }

    /// <summary>How long an idle thread is kept.</summary>
    /// <value>From 1 second to 1 day. The default is 30 seconds.</value>
    [LiveSetting]
    [SettingRange("00:00:01", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
