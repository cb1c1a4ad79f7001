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

    /// <summary>Looks again whether a kill can reach it; written by who has set <see cref="LooksAgain"/>.</summary>
    internal ITimer? KillTimer;

    internal bool LooksAgain;
    internal int Shields;

    /// <summary>When it was started, if somebody listened then.</summary>
    internal long ScheduledAt;

    /// <summary>When it last returned to its hub to wait for what the hub does not see, a Stopwatch timestamp; 0 when no listener wants to know.</summary>
    internal long AwaitBegan;

    /// <summary>The stack that it took of itself when it last began to wait.</summary>
    internal string? WaitStack;

    /// <summary>Whether a listener was told of its begin and not of its end.</summary>
    internal bool IsReported;

    internal string? SpawnSite;

    /// <summary>What else is to be thrown in it, or was sent to a sleep of it.</summary>
    internal RaisedRequests? Raised;

    internal TimeoutList? Timeouts;

    internal Dictionary<object, object?>? Locals;

    internal TinyLock LocalsLock;

    /// <summary>Whether something was raised in a part of its code only: its waits have to say which part they are in.</summary>
    internal bool HasFlows;

    /// <summary>Waits beyond the first, when the greenlet has several at once.</summary>
    internal List<IKillableWait>? MoreWaits;

    internal TinyLock WaitsLock;

    /// <summary>What the greenlet ends with: the very exception of the kill, where <paramref name="error"/> is one in disguise.</summary>
    internal Exception Explain(Exception error) =>
        (Kill?.Explaining(error, KillSource) ?? Raised?.Explaining(error))?.Exception ?? error;

    /// <summary>The greenlet has ended: nothing of it is kept for its sake.</summary>
    internal void Forget()
    {
        Timeouts?.Close();
        LocalsLock.Enter();
        Locals = null;
        LocalsLock.Exit();
    }
}
