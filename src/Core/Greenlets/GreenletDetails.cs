namespace GreenletBridge;

/// <summary>What few greenlets have: a name, a kill, a spawned child. Kept apart so that the many are small.</summary>
internal sealed class GreenletDetails
{
    internal long Id;
    internal string? Name;
    internal object? Tag;
    internal WeakReference<Greenlet>? Self;
    internal Runner? Home;
    internal ExecutionContext? ChangedContext;
    internal KillRequest? Kill;
    internal CancellationTokenSource? KillSource;
    internal ITimer? KillTimer;
    internal int Shields;

    /// <summary>When it was started, if somebody listened then.</summary>
    internal long ScheduledAt;

    /// <summary>Whether a listener was told of its begin and not of its end.</summary>
    internal bool IsReported;

    internal string? SpawnSite;

    /// <summary>Waits beyond the first, when the greenlet has several at once.</summary>
    internal List<IKillableWait>? MoreWaits;

    internal TinyLock WaitsLock;
}
