namespace GreenletBridge.Hosting;

/// <summary>Settings of the group of hubs that runs requests.</summary>
public sealed class RequestSettings
{
    /// <summary>How many hubs share the queue of requests that have not begun.</summary>
    /// <value>From 1 to 256. The default is none set: one per processor.</value>
    [SettingRange(1, 256)]
    public int? Hubs { get; set; }

    /// <summary>What drives the hubs when nothing runs: their own threads, or .NET's scheduler.</summary>
    /// <value>The default is none set: the environment variable <c>GREENLET_LOOP</c> decides, else <see cref="HubLoop.Threads"/>.</value>
    [KnownValue]
    public HubLoop? Loop { get; set; }

    /// <summary>What happens when a request blocks or computes for longer than <see cref="MaxBlockingTime"/>.</summary>
    /// <value>The default is none set: <see cref="GreenletBridge.BlockingPolicy.HandOff"/>.</value>
    [KnownValue]
    public BlockingPolicy? BlockingPolicy { get; set; }

    /// <summary>How long a request may hold its hub before that is reported.</summary>
    /// <value>From 1 millisecond to 1 hour. The default is 100 milliseconds.</value>
    [LiveSetting]
    [SettingRange("00:00:00.001", "01:00:00")]
    public TimeSpan MaxBlockingTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When the task of a request completes whose token was cancelled: once its greenlet has ended, or at once.</summary>
    /// <value>
    /// The default is <see cref="GreenletCompletion.AfterExit"/>. With <see cref="GreenletCompletion.Immediate"/> a handler that resists its
    /// kill goes on with an HttpContext that the server has given to the next request: only for handlers that never touch it.
    /// </value>
    [LiveSetting]
    [KnownValue]
    public GreenletCompletion Completion { get; set; } = GreenletCompletion.AfterExit;

    /// <summary>Whether a request's greenlet is killed when its client has gone or the request was aborted.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    [LiveSetting]
    public bool KillOnDisconnect { get; set; } = true;

    /// <summary>How often the kill of a request is thrown: once, or again at each wait until the handler has ended.</summary>
    /// <value>The default is <see cref="KillPersistence.Once"/>.</value>
    [LiveSetting]
    [KnownValue]
    public KillPersistence KillPersistence { get; set; } = KillPersistence.Once;

    /// <summary>How long a killed request may go on before that is reported and its connection aborted.</summary>
    /// <value>From 1 millisecond to 1 hour. The default is 5 seconds.</value>
    [LiveSetting]
    [SettingRange("00:00:00.001", "01:00:00")]
    public TimeSpan KillTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a kill waits for cancellation to be heeded before it interrupts a wait.</summary>
    /// <value>From 0 to 1 minute. The default is 50 milliseconds.</value>
    [LiveSetting]
    [SettingRange("00:00:00", "00:01:00")]
    public TimeSpan KillGrace { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many requests of the group may run at once; those past it wait in order.</summary>
    /// <value>From 1 to 100000. The default is none set: no limit.</value>
    [LiveSetting]
    [SettingRange(1, 100_000)]
    public int? Concurrency { get; set; }

    /// <summary>How many requests may wait for <see cref="Concurrency"/>; those past it are answered 503 at once.</summary>
    /// <value>From 0 to 1000000; needs <see cref="Concurrency"/>. The default is none set: 1000.</value>
    [LiveSetting]
    [SettingRange(0, 1_000_000)]
    public int? QueueLimit { get; set; }

    /// <summary>How many requests may wait for one lane, on whichever hub they run; those past it are answered 503 at once.</summary>
    /// <value>From 0 to 1000000. The default is 100.</value>
    [LiveSetting]
    [SettingRange(0, 1_000_000)]
    public int LaneQueueLimit { get; set; } = 100;
}
