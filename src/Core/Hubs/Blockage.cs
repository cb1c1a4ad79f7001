namespace GreenletBridge;

/// <summary>One time that a greenlet held its hub without waiting where the hub could see it. Found by the watchdog.</summary>
/// <remarks>Its facts grow: <see cref="Duration"/> and <see cref="Place"/> are known when it has ended. Any thread may read it.</remarks>
public sealed class Blockage
{
    private long _duration = -1;
    private string? _place;
    private bool _isHandedOff;

    internal Blockage(Hub hub, Greenlet greenlet, object key, BlockageKind kind, long startedAt)
    {
        Hub = hub;
        Greenlet = greenlet;
        Key = key;
        Kind = kind;
        StartedAt = startedAt;
    }

    /// <summary>The hub that was held.</summary>
    public Hub Hub { get; }

    /// <summary>The greenlet that held it.</summary>
    public Greenlet Greenlet { get; }

    /// <summary>What the hub learns by: the endpoint where there is one, else the method of the greenlet's body.</summary>
    public object Key { get; }

    /// <summary>How it held the hub when it was found.</summary>
    public BlockageKind Kind { get; }

    /// <summary>When the segment began, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> gives it.</summary>
    public long StartedAt { get; }

    /// <summary>Whether the baton went to other greenlets meanwhile.</summary>
    public bool IsHandedOff => Volatile.Read(ref _isHandedOff);

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _duration) >= 0;

    /// <summary>How long the segment took; until it has ended, how long it has taken so far.</summary>
    public TimeSpan Duration =>
        Volatile.Read(ref _duration) is >= 0 and var ticks ? new(ticks) : System.Diagnostics.Stopwatch.GetElapsedTime(StartedAt);

    /// <summary>The stack that the blocker took of itself at the end, outermost frames left out; null until then, and where it could take none.</summary>
    /// <remarks>.NET cannot read another thread's stack within the process.</remarks>
    public string? Place => Volatile.Read(ref _place);

    internal void HandedOff() => Volatile.Write(ref _isHandedOff, true);

    internal void End(string? place)
    {
        Volatile.Write(ref _place, place);
        Volatile.Write(ref _duration, System.Diagnostics.Stopwatch.GetElapsedTime(StartedAt).Ticks);
    }
}
