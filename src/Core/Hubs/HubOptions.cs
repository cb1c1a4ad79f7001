namespace GreenletBridge;

/// <summary>Settings of a hub, read when it is made.</summary>
public sealed class HubOptions
{
    /// <summary>Its name, for people, logs and metrics.</summary>
    /// <value>The default is "hub".</value>
    public string Name { get; set; } = "hub";

    /// <summary>Whether its greenlets run one at a time: for code that is not thread-safe.</summary>
    /// <remarks>
    /// One exception: a greenlet that is blocked unseen for longer than <see cref="MaxBlockingTime"/> lends the hub to others that have begun,
    /// and until its next wait runs beside them. <see cref="StrictExclusive"/> rules that out.
    /// </remarks>
    /// <value>The default is false. (A named hub of the hosting package: true.)</value>
    public bool Exclusive { get; set; }

    /// <summary>Whether an exclusive hub keeps to one at a time even while its holder blocks unseen. Implies <see cref="Exclusive"/>.</summary>
    /// <value>The default is false.</value>
    public bool StrictExclusive { get; set; }

    /// <summary>What drives the hub.</summary>
    /// <value>Null (the default): the environment variable GREENLET_LOOP (<c>Threads</c> or <c>Scheduler</c>), else <see cref="HubLoop.Threads"/>.</value>
    public HubLoop? Loop { get; set; }

    /// <summary>What happens about segments that block unseen.</summary>
    /// <value>Null (the default): <see cref="GreenletBridge.BlockingPolicy.Report"/> on an exclusive hub, else <see cref="GreenletBridge.BlockingPolicy.HandOff"/>.</value>
    public BlockingPolicy? BlockingPolicy { get; set; }

    /// <summary>From when on a segment counts as blocking its hub.</summary>
    /// <value>1 ms to 1 hour; the default is 100 ms.</value>
    public TimeSpan MaxBlockingTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a killed greenlet whose <see cref="Greenlet.KillToken"/> is in use may end in order before its wait is interrupted.</summary>
    /// <value>Zero to 1 hour; the default is 50 ms.</value>
    public TimeSpan KillGrace { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The time of the hub's own waits and timers.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Who is told of what happens on the hub; null (the default): nobody.</summary>
    public HubListener? Listener { get; set; }

    /// <summary>The threads it shares with other hubs.</summary>
    /// <value>Null (the default): <see cref="CarrierPool.Shared"/>.</value>
    public CarrierPool? Carriers { get; set; }

    /// <summary>Where <see cref="HubLoop.Scheduler"/> runs async code that has not blocked so far; a carrier that has just become free may run it as well.</summary>
    /// <value>Null (the default): the thread pool. Not for <see cref="HubLoop.Threads"/>.</value>
    public TaskScheduler? Scheduler { get; set; }

    /// <summary>Whether its greenlets take their own stack whenever they are spawned or begin to wait, for snapshots: some ten microseconds each. See <see cref="Hub.CapturesStacks"/>.</summary>
    /// <value>The default is false.</value>
    public bool CapturesStacks { get; set; }

    /// <summary>Who watches the hub; null: the one of the process.</summary>
    internal Watchdog? Watchdog { get; set; }

    /// <summary>Which of the ready entries is next; null: the oldest.</summary>
    internal IRunOrder? Order { get; set; }

    internal bool IsExclusive => Exclusive || StrictExclusive;

    internal BlockingPolicy EffectivePolicy =>
        BlockingPolicy ?? (IsExclusive ? GreenletBridge.BlockingPolicy.Report : GreenletBridge.BlockingPolicy.HandOff);

    /// <exception cref="InvalidOperationException">GREENLET_LOOP has an unknown value.</exception>
    internal HubLoop EffectiveLoop => Loop ?? LoopOfEnvironment();

    internal HubOptions Copy(string name)
    {
        var copy = (HubOptions)MemberwiseClone();
        copy.Name = name;
        return copy;
    }

    /// <exception cref="ArgumentException">A value is null or outside its range, or two contradict each other.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        CheckMaxBlockingTime(MaxBlockingTime);
        CheckKillGrace(KillGrace);
        if (Loop is { } loop && !Enum.IsDefined(loop))
            throw new ArgumentOutOfRangeException(nameof(Loop), loop, $"HubOptions.Loop must be one of: {string.Join(", ", Enum.GetNames<HubLoop>())}.");
        if (BlockingPolicy is { } policy && !Enum.IsDefined(policy))
            throw new ArgumentOutOfRangeException(nameof(BlockingPolicy), policy, $"HubOptions.BlockingPolicy must be one of: {string.Join(", ", Enum.GetNames<BlockingPolicy>())}.");
        if (Loop == HubLoop.Threads && Scheduler is not null)
            throw new ArgumentException("HubOptions.Scheduler is where HubLoop.Scheduler runs async code; HubLoop.Threads has no use for it: choose one.", nameof(Scheduler));
        if (IsExclusive && BlockingPolicy == GreenletBridge.BlockingPolicy.HandOff)
            throw new ArgumentException("HubOptions.Exclusive promises one segment at a time, which BlockingPolicy.HandOff breaks: choose one.", nameof(BlockingPolicy));
    }

    internal static void CheckMaxBlockingTime(TimeSpan value) => CheckRange(nameof(MaxBlockingTime), value, TimeSpan.FromMilliseconds(1), "1 ms to 1 hour");

    internal static void CheckKillGrace(TimeSpan value) => CheckRange(nameof(KillGrace), value, TimeSpan.Zero, "zero to 1 hour");

    private static HubLoop LoopOfEnvironment()
    {
        var value = Environment.GetEnvironmentVariable("GREENLET_LOOP");
        if (string.IsNullOrEmpty(value))
            return HubLoop.Threads;
        // Names only: Enum.TryParse would take numbers too.
        foreach (var loop in Enum.GetValues<HubLoop>())
        {
            if (string.Equals(loop.ToString(), value, StringComparison.OrdinalIgnoreCase))
                return loop;
        }

        throw new InvalidOperationException(
            $"The environment variable GREENLET_LOOP is \"{value}\"; it must be one of: {string.Join(", ", Enum.GetNames<HubLoop>())}.");
    }

    private static void CheckRange(string name, TimeSpan value, TimeSpan least, string range)
    {
        if (value < least || value > TimeSpan.FromHours(1))
            throw new ArgumentOutOfRangeException(name, value, $"HubOptions.{name} must be {range}.");
    }
}
