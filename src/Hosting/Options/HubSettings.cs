namespace GreenletBridge.Hosting;

/// <summary>Settings of one named hub.</summary>
public sealed class HubSettings
{
    /// <summary>Whether the hub never runs two segments at once, whatever blocks it.</summary>
    /// <value>The default is <see langword="true"/>: a named hub is a single lane.</value>
    public bool Exclusive { get; set; } = true;

    /// <summary>Whether an exclusive hub keeps the baton even from greenlets that have begun while its holder is blocked unseen.</summary>
    /// <value>Needs <see cref="Exclusive"/>. The default is <see langword="false"/>.</value>
    public bool StrictExclusive { get; set; }

    /// <summary>What drives the hub when nothing runs: its own threads, or .NET's scheduler.</summary>
    /// <value>The default is none set: the environment variable <c>GREENLET_LOOP</c> decides, else <see cref="HubLoop.Threads"/>.</value>
    [KnownValue]
    public HubLoop? Loop { get; set; }

    /// <summary>What happens when a greenlet blocks or computes for longer than <see cref="MaxBlockingTime"/>.</summary>
    /// <value>An exclusive hub only reports. The default is none set: <see cref="BlockingPolicy.Report"/> if exclusive, else <see cref="BlockingPolicy.HandOff"/>.</value>
    [KnownValue]
    public BlockingPolicy? BlockingPolicy { get; set; }

    /// <summary>How long a greenlet may hold the hub before that is reported.</summary>
    /// <value>From 1 millisecond to 1 hour. The default is 100 milliseconds.</value>
    [SettingRange("00:00:00.001", "01:00:00")]
    public TimeSpan MaxBlockingTime { get; set; } = TimeSpan.FromMilliseconds(100);
}
