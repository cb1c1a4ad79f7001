namespace GreenletBridge;

/// <content>Waiting for a greenlet, and a greenlet's own waits.</content>
public partial class Greenlet
{
    private IKillableWait? _wait;

    /// <summary>What it waits for where the hub sees it, in words; null when it does not wait, or only by returning to its hub.</summary>
    internal string? WaitingFor => Volatile.Read(ref _wait)?.Describe();

    /// <summary>Lets <paramref name="time"/> pass by the hub's clock; other greenlets run meanwhile. Sleeps the thread where the caller is no greenlet.</summary>
    /// <param name="time">Zero or less yields.</param>
    /// <exception cref="GreenletExitException">The greenlet was killed meanwhile.</exception>
    public static void Sleep(TimeSpan time)
    {
        if (time <= TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            Yield();
        else
            Waits.Block(null, time);
    }

    /// <summary>As <see cref="Sleep(TimeSpan)"/>.</summary>
    /// <param name="milliseconds">Milliseconds; zero or less yields, -1 sleeps until killed.</param>
    public static void Sleep(int milliseconds) => Sleep(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Lets every greenlet that is ready run first.</summary>
    /// <exception cref="GreenletExitException">The greenlet was killed meanwhile.</exception>
    public static void Yield()
    {
        if (Current is { } self)
            Waits.Block(new YieldSource(self.Dispatcher), null);
        else
            Thread.Yield();
    }

    /// <summary>As <see cref="Sleep(TimeSpan)"/>, awaited; without a greenlet it takes the system's time.</summary>
    /// <param name="time">Zero or less yields.</param>
    public static Task SleepAsync(TimeSpan time) =>
        time <= TimeSpan.Zero && time != Timeout.InfiniteTimeSpan ? YieldAsync() : Waits.AsTask(null, time);

    /// <summary>As <see cref="Yield"/>, awaited.</summary>
    public static Task YieldAsync() =>
        Current is { } self ? Waits.AsTask(new YieldSource(self.Dispatcher), null) : YieldToScheduler();

    /// <summary>Waits for a Task: cooperatively on a greenlet, blocking elsewhere. The one primitive under all cooperative input and output.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="GreenletExitException">The greenlet was killed meanwhile; the Task runs on.</exception>
    /// <exception cref="Exception">Whatever the Task failed with, the first if there are several.</exception>
    public static void Await(Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!task.IsCompleted)
            Waits.Block(new TaskSource(task), null);
        task.GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Await(Task)"/>, with the Task's value.</summary>
    public static T Await<T>(Task<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!task.IsCompleted)
            Waits.Block(new TaskSource(task), null);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Waits until it has ended. Cooperative on a greenlet; blocks any other thread. Never throws the greenlet's own error.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait, not the greenlet.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="HubDeadlockException">It was never started, or is the one that asks.</exception>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        _ = WaitLimit.IsZero(timeout);
        if (IsReady)
            return _observed = true;
        var outcome = WaitForEnd(timeout, cancellationToken);
        return outcome == WaitOutcome.Canceled ? throw new OperationCanceledException(cancellationToken) : outcome == WaitOutcome.Completed;
    }

    /// <summary>As <see cref="Join"/>, awaited.</summary>
    public async Task<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        _ = WaitLimit.IsZero(timeout);
        if (IsReady)
            return _observed = true;
        ThrowIfNeverEnds();
        var outcome = await Waits.Async(new JoinSource(this), timeout, cancellationToken).ConfigureAwait(true);
        return outcome == WaitOutcome.Canceled ? throw new OperationCanceledException(cancellationToken) : outcome == WaitOutcome.Completed;
    }

    /// <summary>Waits until it has ended and throws what it failed with. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <inheritdoc cref="Greenlet{T}.Get" path="/param|/exception"/>
    public void Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        WaitForGet(timeout, cancellationToken);
        ThrowIfFailed();
    }

    /// <summary>Makes <c>await greenlet</c> work: throws its exception.</summary>
    public GreenletAwaiter GetAwaiter() => new(this);

    void IWaitOwner.AddWait(IKillableWait wait)
    {
        if (_details is { HasFlows: true } && wait is not WovenWaiter)
            wait.Flow = FlowScope.Current;
        if (Interlocked.CompareExchange(ref _wait, wait, null) is not null)
        {
            var details = Details;
            details.WaitsLock.Enter();
            (details.MoreWaits ??= []).Add(wait);
            details.WaitsLock.Exit();
        }

        if (wait is GreenletWaiter or RuntimeWait)
            NoteBlocked();
        if (BlocksInPlace(wait))
            Trust!.BeginBlock();
        NoteWaitBegun(wait);
        Register();
        if (_context!.Hub.KillsAll && !HasKill)
            Interlocked.CompareExchange(ref Details.Kill, new KillRequest(new GreenletExitException()), null);
        // After the wait can be seen: a killer that did not see it is seen here.
        _details?.Kill?.NoteWait();
        // Those that were begun before, too: this one may take the kill before the killer has come to them.
        if (PendingFor(wait) is not null)
            ReachWaits();
    }

    void IWaitOwner.NoteWaiting() => MoveStatus(GreenletStatus.Running, GreenletStatus.Waiting);

    void IWaitOwner.RemoveWait(IKillableWait wait)
    {
        if (Interlocked.CompareExchange(ref _wait, null, wait) != wait && _details is { MoreWaits: not null } details)
        {
            details.WaitsLock.Enter();
            details.MoreWaits.Remove(wait);
            details.WaitsLock.Exit();
        }

        if (BlocksInPlace(wait))
            Trust!.EndBlock();
        NoteWaitEnded(wait);
        MoveStatus(GreenletStatus.Waiting, GreenletStatus.Running);
    }

    /// <summary>How many of its stacks wait where the hub sees it.</summary>
    private int StackWaits => (Volatile.Read(ref _wait) is GreenletWaiter or RuntimeWait ? 1 : 0) + MoreWaits().Count(static wait => wait is GreenletWaiter or RuntimeWait);

    private bool BlocksInPlace(IKillableWait wait) =>
        Trust is not null && wait is GreenletWaiter or RuntimeWait && Runner.Current is { IsCarrier: false };

    private void NoteBlocked()
    {
        if (_isInWoven)
            WovenBody.Finder!.NoteBlocked(this);
        if (Profile is { } profile)
            profile.NoteBlocked();
        else if (!_body.IsBlocking && Runner.Current is { IsCarrier: false })
            Hub!.BlockingHistory.Add(UserCode);
    }

    /// <summary>The watchdog found it blocked where the hub does not see it: next time its kind goes elsewhere at once.</summary>
    internal void NoteBlockedUnseen(Runner runner)
    {
        if (Profile is { } profile)
        {
            Hub!.BlockingHistory.AddUnseen(profile, profile.Unseen);
        }
        else if (UserCode is { } code)
        {
            // Not at the first time: a machine under load, or the collector, may hold up anybody once.
            Hub!.BlockingHistory.AddUnseen(code);
            if (!runner.IsCarrier && Hub.BlockingHistory.Unseen(code) is { IsKnown: true })
                Hub.BlockingHistory.Add(code);
        }
    }

    /// <summary>Waits for the end on behalf of a function call: a caller that is killed takes the greenlet with it.</summary>
    internal void GetOrKill()
    {
        try
        {
            WaitForGet(null, CancellationToken.None);
        }
        catch
        {
            Kill();
            throw;
        }
    }

    private static async Task YieldToScheduler() => await Task.Yield();

    /// <summary>Its wait, with its stack and without limit, for another greenlet's end or lock: until then it does nothing by itself.</summary>
    internal Waiter? HeldWait => HasTimeLimit ? null : AsHeld(Volatile.Read(ref _wait)) ?? MoreWaits().Select(AsHeld).FirstOrDefault(static wait => wait is not null);

    private static GreenletWaiter? AsHeld(IKillableWait? wait) =>
        wait is GreenletWaiter { Outcome: WaitOutcome.None, Source: IHeldSource { Holder: not null } } held ? held : null;

    private WaitOutcome WaitForEnd(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        // Only a look, whatever it looks at.
        if (timeout is { } limit && limit != Timeout.InfiniteTimeSpan && limit <= TimeSpan.Zero)
            return WaitOutcome.TimedOut;
        ThrowIfNeverEnds();
        var source = new JoinSource(this, isEndless: WaitLimit.IsNone(timeout, cancellationToken));
        var outcome = Waits.Block(source, timeout, cancellationToken);
        source.ThrowIfCycle();
        return outcome;
    }

    private void ThrowIfNeverEnds()
    {
        if (Current == this)
            throw new HubDeadlockException($"{this} waits for itself: it can never end. Return instead, or wait from another greenlet.");
        if (Status == GreenletStatus.Created && !Volatile.Read(ref _hasStartTime))
            throw new HubDeadlockException($"{this} was never started, so nothing can end the wait for it. Call Start() first.");
    }
}
