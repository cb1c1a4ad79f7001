using System.Diagnostics;

namespace GreenletBridge;

/// <summary>A wait of the runtime's that the hook has shown: how a kill reaches it. One a thread, used again and again.</summary>
/// <remarks>
/// The period is open only inside the hook, and closed and drained before user code goes on: so a thread that is lent to a greenlet,
/// such as a pool thread for work in place, can be woken here as safely as one of the engine's own.
/// </remarks>
internal sealed class RuntimeWait(Runner runner) : IKillableWait
{
    // A wait that has only just begun may be a short one in code that must not be broken off, such as a type initializer's lock.
    internal static readonly TimeSpan LeastBlocked = TimeSpan.FromMilliseconds(10);

    private long _period;
    private long _since;

    /// <summary>How long it has waited.</summary>
    internal TimeSpan Blocked => Stopwatch.GetElapsedTime(Volatile.Read(ref _since));

    /// <inheritdoc />
    public long Since => Environment.TickCount64 - (long)Blocked.TotalMilliseconds;

    /// <inheritdoc />
    public long Began { get; set; }

    /// <inheritdoc />
    public FlowScope? Flow { get; set; }

    /// <summary>What a snapshot says of it.</summary>
    public string Describe() => MayBeLock ? "a wait of the runtime (lock, wait handle)" : "a wait of the runtime (Task, semaphore, Monitor)";

    /// <summary>Whether it waits for a lock or a handle, and not on the handle of every Monitor.Wait of its thread. The owner.</summary>
    internal bool MayBeLock { get; set; }

    /// <summary>The owner: before others can find the wait.</summary>
    internal void Begin() => Volatile.Write(ref _since, Stopwatch.GetTimestamp());

    /// <summary>The owner, with nothing of the engine left to run before the real wait, also when it waits on after an interrupt that was not for it.</summary>
    internal void Open() => Volatile.Write(ref _period, runner.Gate.OpenPeriod());

    /// <summary>Whether a kill came that was not to be thrown there; the owner.</summary>
    internal bool HasDeferred { get; set; }

    /// <summary>The owner: true when a kill interrupted the wait.</summary>
    internal bool End() => runner.Gate.ClosePeriod();

    /// <inheritdoc />
    public KillReach TryKill(Exception exception)
    {
        var period = Volatile.Read(ref _period);
        if (Blocked < LeastBlocked)
            return KillReach.Later;
        return runner.Gate.TryInterrupt(runner.Thread, period) ? KillReach.Yes : KillReach.No;
    }
}
