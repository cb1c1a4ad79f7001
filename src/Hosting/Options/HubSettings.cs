namespace GreenletBridge.Hosting;

/// <summary>Settings of one named hub.</summary>
public sealed class HubSettings
{
    /// <summary>Whether the hub runs one segment at a time. While its holder is blocked unseen for longer than MaxBlockingTime, what has begun goes on all the same, unless StrictExclusive is set.</summary>
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
    [LiveSetting]
    [SettingRange("00:00:00.001", "01:00:00")]
    public TimeSpan MaxBlockingTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many requests may run on the hub at once, those that wait in their handler included; others wait in order.</summary>
    /// <value>From 1 to 100000. The default is none set: no limit.</value>
    [LiveSetting]
    [SettingRange(1, 100_000)]
    public int? Concurrency { get; set; }

    /// <summary>How many requests may wait for <see cref="Concurrency"/>; those past it are answered 503 at once.</summary>
    /// <value>From 0 to 1000000; needs <see cref="Concurrency"/>. The default is none set: 1000.</value>
    [LiveSetting]
    [SettingRange(0, 1_000_000)]
    public int? QueueLimit { get; set; }
}
