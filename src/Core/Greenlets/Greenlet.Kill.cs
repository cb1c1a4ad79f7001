namespace GreenletBridge;

/// <content>Killing.</content>
public partial class Greenlet
{
    /// <summary>Cancelled when the greenlet is killed: hand it to whatever it awaits.</summary>
    public CancellationToken KillToken
    {
        get
        {
            var details = Details;
            var source = Volatile.Read(ref details.KillSource);
            if (source is null)
            {
                var made = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref details.KillSource, made, null) ?? made;
                if (!ReferenceEquals(source, made))
                    made.Dispose();
                if (HasKill)
                    CancelKillToken();
            }

            return source.Token;
        }
    }

    private KillRequest? PendingKill =>
        _details is { } details && Volatile.Read(ref details.Shields) == 0 && Volatile.Read(ref details.Kill) is { IsDelivered: false } kill ? kill : null;

    /// <summary>Defers kills of the calling greenlet until the result is disposed: for code that must not be broken off.</summary>
    /// <exception cref="InvalidOperationException">The caller is no greenlet.</exception>
    public static IDisposable Shield()
    {
        var self = Current ?? throw new InvalidOperationException("Greenlet.Shield() must be called on a greenlet: only greenlets are killed.");
        return new KillShield(self);
    }

    /// <summary>Ends the greenlet where it waits; never waits itself.</summary>
    /// <param name="exception">What is thrown in it; null (the default): a <see cref="GreenletExitException"/>.</param>
    /// <returns>Whether it has ended already.</returns>
    /// <remarks>
    /// One that has not begun never runs. One that runs gets it at its next wait; one that blocks in a wait of the runtime or in
    /// Thread.Sleep is woken. On itself it throws at once. It can be caught; then the greenlet lives on.
    /// </remarks>
    public bool Kill(Exception? exception = null)
    {
        if (IsReady)
            return true;
        exception ??= new GreenletExitException();
        if (TryKillUnbegun(exception))
            return true;
        var details = Details;
        var kill = new KillRequest(exception, Volatile.Read(ref details.KillSource) is null ? TimeSpan.Zero : Hub?.Options.KillGrace ?? TimeSpan.Zero);
        if (Current == this)
        {
            kill.TryDeliver();
            kill.Follow(Volatile.Read(ref details.Kill));
            Volatile.Write(ref details.Kill, kill);
            throw exception;
        }

        // Of two kills the first is thrown; a second one counts when the first was thrown and the greenlet lived on.
        var seen = Volatile.Read(ref details.Kill);
        while (seen is null or { IsDelivered: true })
        {
            kill.Follow(seen);
            var before = Interlocked.CompareExchange(ref details.Kill, kill, seen);
            if (ReferenceEquals(before, seen))
                break;
            seen = before;
        }

        CancelKillToken();
        Deliver();
        return IsReady;
    }

    /// <summary>As <see cref="Kill(Exception?)"/>, and waits for the end.</summary>
    /// <param name="exception">What is thrown in it; null: a <see cref="GreenletExitException"/>.</param>
    /// <param name="timeout">How long to wait for the end.</param>
    /// <returns>Whether it has ended.</returns>
    public bool Kill(Exception? exception, TimeSpan timeout) => Kill(exception) || Join(timeout);

    Exception? IWaitOwner.TakeKill() => PendingKill is { } kill && kill.TryDeliver() ? kill.Exception : null;

    bool IWaitOwner.TryTakeKillAsInterrupt() => PendingKill is { } kill && kill.NoteInterrupted();

    void IWaitOwner.NoteInterruptMissed() => NoteInterruptMissed();

    void IWaitOwner.EnterUserCode(Runner runner) => _context!.EnterUserCode(runner);

    void IWaitOwner.AddShield() => AddShield();

    void IWaitOwner.RemoveShield() => RemoveShield();

    /// <summary>Whether a kill is on its way or was thrown.</summary>
    internal bool HasKill => _details is { } details && Volatile.Read(ref details.Kill) is not null;

    /// <summary>As <see cref="Kill(Exception?)"/>, for engine code that must not be broken off even if it runs on this very greenlet.</summary>
    internal void KillFromOutside(Exception? exception = null)
    {
        if (Current != this)
        {
            Kill(exception);
            return;
        }

        // Cancelled by its own hand: thrown at its next wait.
        Interlocked.CompareExchange(ref Details.Kill, new KillRequest(exception ?? new GreenletExitException()), null);
        CancelKillToken();
    }

    /// <summary>Whether its end is the kill's, not one that its code came to by itself.</summary>
    internal bool EndedByKill => _details?.Kill is { } kill && _exception is { } error && kill.IsOrFollows(error);

    internal void AddShield() => Interlocked.Increment(ref Details.Shields);

    internal void RemoveShield()
    {
        if (Interlocked.Decrement(ref Details.Shields) == 0)
            Deliver();
    }

    private void NoteInterruptMissed()
    {
        _details?.Kill?.ForgetInterrupt();
        // Whoever sent it takes it for delivered, and what comes next may be a sleep that nothing shows.
        if (PendingKill is not null)
            DeliverLater();
    }

    private bool TryKillUnbegun(Exception exception)
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if (status is not ((int)GreenletStatus.Created or (int)GreenletStatus.Scheduled))
                return false;
            if (Interlocked.CompareExchange(ref _status, Ending, status) == status)
                break;
        }

        var kill = new KillRequest(exception);
        kill.TryDeliver();
        Volatile.Write(ref Details.Kill, kill);
        CancelKillToken();
        if (Volatile.Read(ref _hasStartTime))
            _target.TimerHub.Delayed.Remove(this);
        End(exception);
        return true;
    }

    private void CancelKillToken()
    {
        // Its callbacks are user code (DbCommand.Cancel asks a server): the killer must not wait for them, nor may a hub.
        if (_details?.KillSource is { IsCancellationRequested: false } source)
            _ = source.CancelAsync();
    }

    private void Deliver()
    {
        if (PendingKill is not { } kill || IsReady)
            return;
        var wait = Volatile.Read(ref _wait);
        if (wait is not null)
        {
            Reach(wait, kill);
            foreach (var other in MoreWaits())
                Reach(other, kill);
        }
        else
        {
            ReachThread(kill);
        }
    }

    private IKillableWait[] MoreWaits()
    {
        if (_details is not { MoreWaits: { } more } details)
            return [];
        details.WaitsLock.Enter();
        var waits = more.ToArray();
        details.WaitsLock.Exit();
        return waits;
    }

    private void Reach(IKillableWait wait, KillRequest kill)
    {
        // An interrupt breaks whatever a library was doing; who asked for the token gets the chance to end it in order.
        if ((wait is RuntimeWait && !kill.MayInterrupt) || wait.TryKill(kill.Exception) is KillReach.Later or KillReach.No)
            DeliverLater();
    }

    /// <summary>It runs, or blocks where nothing shows it: only a thread in Thread.Sleep and the like can be reached.</summary>
    private void ReachThread(KillRequest kill)
    {
        if (_context is not { Runner: { IsCarrier: true } runner } context || Volatile.Read(ref _status) != (int)GreenletStatus.Running)
            return;
        var period = context.Period;
        if (kill.MayInterrupt && (runner.Thread.ThreadState & ThreadState.WaitSleepJoin) != 0)
        {
            // Noted first: the thread may see the interrupt and end before this one goes on.
            kill.NoteInterrupted();
            if (runner.Gate.TryInterrupt(runner.Thread, period))
                return;
            kill.ForgetInterrupt();
        }

        // It may be about to sleep: look again.
        DeliverLater();
    }

    private void DeliverLater()
    {
        // Real waits take real time, whatever clock the hub has.
        var details = Details;
        var timer = Volatile.Read(ref details.KillTimer);
        if (timer is null)
        {
            var made = TimeProvider.System.CreateTimer(
                static state => ((Greenlet)state!).Deliver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer = Interlocked.CompareExchange(ref details.KillTimer, made, null) ?? made;
            if (!ReferenceEquals(timer, made))
                made.Dispose();
        }

        timer.Change(RuntimeWait.LeastBlocked, Timeout.InfiniteTimeSpan);
    }
}
