namespace GreenletBridge;

/// <content>How a kill, and whatever else is raised in a greenlet, gets to the place where it waits.</content>
public partial class Greenlet
{
    Exception? IWaitOwner.TakeKill(IKillableWait wait) =>
        PendingFor(wait) is { } kill && kill.TryDeliver() ? Thrown(kill).Exception : null;

    bool IWaitOwner.TryTakeKillAsInterrupt(IKillableWait wait) => PendingFor(wait) is { } kill && kill.NoteInterrupted();

    void IWaitOwner.NoteInterruptMissed(Runner runner) => NoteInterruptMissed(runner);

    void IWaitOwner.NoteKillNotThrown() => DeliverAgain();

    void IWaitOwner.EnterUserCode(Runner runner) => _context!.EnterUserCode(runner);

    void IWaitOwner.AddShield() => AddShield();

    void IWaitOwner.RemoveShield() => RemoveShield();

    internal void AddShield() => Interlocked.Increment(ref Details.Shields);

    internal void RemoveShield()
    {
        if (Interlocked.Decrement(ref Details.Shields) == 0)
            Deliver();
    }

    /// <summary>The calling greenlet has caught what was thrown at a wait, but must wait on: until <see cref="EndDefer"/> it is pending again, if it is a kill.</summary>
    internal static void BeginDefer(Exception thrown)
    {
        if (Current is not { } self)
            return;
        self.AddShield();
        if (self.KillThat(thrown) is { } kill)
            kill.TakeBack();
    }

    /// <summary>The caller throws it again, now.</summary>
    internal static void EndDefer(Exception thrown)
    {
        if (Current is not { } self)
            return;
        self.KillThat(thrown)?.TryDeliver();
        self.RemoveShield();
    }

    private KillRequest? KillThat(Exception thrown) => _details!.Kill is { } kill && ReferenceEquals(kill.Exception, thrown) ? kill : null;

    /// <summary>Any thread: has the request thrown where the greenlet waits, as a kill is, until it is withdrawn.</summary>
    internal void Raise(KillRequest request)
    {
        var details = Details;
        var raised = Volatile.Read(ref details.Raised)
            ?? Interlocked.CompareExchange(ref details.Raised, new RaisedRequests(), null) ?? Volatile.Read(ref details.Raised)!;
        raised.Add(request);
        Deliver();
    }

    /// <summary>The scope of the request is left. Called on the greenlet, it is not thrown after this.</summary>
    /// <returns>False when it was thrown before, or is about to be.</returns>
    internal bool Withdraw(KillRequest request)
    {
        _details?.Raised?.Remove(request);
        if (request.TryWithdraw())
            return true;
        // An interrupt that was sent for it must not hit a sleep that follows.
        if (request.IsInterrupted && Current == this && Runner.Current is { } runner)
        {
            if (runner.LeaveUserCode())
                NoteInterruptMissed(runner);
            _context!.EnterUserCode(runner);
        }

        return false;
    }

    /// <summary>The waits of the greenlet have to say from here on which part of its code they are in.</summary>
    internal void UseFlows() => Details.HasFlows = true;

    /// <summary>Whether the calling code, which runs in the greenlet, is not all that it does: other parts of it wait.</summary>
    internal bool HasOtherFlows => !IsBlocking || Volatile.Read(ref _wait) is not null;

    private KillRequest Thrown(KillRequest request)
    {
        _details!.Raised?.NoteThrown(request);
        return request;
    }

    /// <summary>What is to be thrown out of that wait; without one, out of the user code that runs on that thread.</summary>
    private KillRequest? PendingFor(IKillableWait? wait, Runner? runner = null)
    {
        if (_details is not { } details || Volatile.Read(ref details.Shields) != 0)
            return null;
        return Volatile.Read(ref details.Kill) is { IsDelivered: false } kill ? kill : Volatile.Read(ref details.Raised)?.FirstFor(wait, runner);
    }

    private void NoteInterruptMissed(Runner runner)
    {
        if (_details is not { } details)
            return;
        var period = runner.UserPeriod;
        details.Kill?.ForgetInterrupt(runner, period);
        details.Raised?.ForgetInterrupt(runner, period);
        DeliverAgain();
    }

    private void DeliverAgain()
    {
        // Whoever sent it takes it for delivered, and what comes next may be a sleep that nothing shows.
        if (_details is { } details && (details.Kill is { IsDelivered: false } || details.Raised is { IsEmpty: false }))
            DeliverLater();
    }

    /// <summary>Its code runs, or goes on after a wait. The owner, after it has said that it does not wait any more.</summary>
    internal void NoteUserCode(Runner runner)
    {
        // A killer that saw it between two waits has reached neither a wait nor a thread, and what comes next may be a sleep that nothing shows.
        if (_details is not null && PendingFor(null, runner) is not null)
            DeliverLater();
    }

    private void Deliver()
    {
        // A thread that sleeps comes before waits that were begun beside it: nothing else would wake it.
        if (!IsReady && !ReachesThreads())
            ReachWaits();
    }

    private void ReachWaits()
    {
        var wait = Volatile.Read(ref _wait);
        // The first of several waits may be over.
        var more = MoreWaits();
        // All looked at before one is woken: it takes the kill, and the others would find none.
        var kill = wait is null ? null : PendingFor(wait);
        var kills = Array.ConvertAll(more, other => PendingFor(other));
        if (wait is not null && kill is not null)
            Reach(wait, kill);
        for (var i = 0; i < more.Length; i++)
        {
            if (kills[i] is { } other)
                Reach(more[i], other);
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
    /// <returns>Whether a thread was interrupted for it.</returns>
    private bool ReachesThreads()
    {
        // Whatever it waits for or has still to begin, it looks for the request itself when its code goes on.
        if (Volatile.Read(ref _status) != (int)GreenletStatus.Running)
            return false;
        var runners = _context?.Runners() ?? [];
        var isLeft = runners.Length == 0;
        foreach (var runner in runners)
        {
            // A thread that is lent to it is not interrupted, but the next one may be a carrier, and be in a sleep by the time it is seen.
            var reach = runner.IsCarrier ? ReachThread(runner) : KillReach.Later;
            if (reach == KillReach.Yes)
                return true;
            isLeft |= reach == KillReach.Later;
        }

        // It may be about to sleep: look again.
        if (isLeft)
            DeliverLater();
        return false;
    }

    private KillReach ReachThread(Runner runner)
    {
        // Before the request is looked at: one that is withdrawn closes the period afterwards. And before the thread is known to be in its code
        // still: a period that is open after that is not one of another greenlet's code.
        var period = runner.UserPeriod;
        if (runner.Occupant != this || PendingFor(null, runner) is not { } kill)
            return KillReach.No;
        if (!kill.MayInterrupt || !ThreadProbe.Shared.IsAsleep(runner))
            return KillReach.Later;
        // Noted first: the thread may see the interrupt and end before this one goes on.
        if (!kill.NoteInterrupted(runner, period) || runner.Gate.TryInterrupt(runner.Thread, period))
            return KillReach.Yes;
        kill.ForgetInterrupt(runner, period);
        return KillReach.Later;
    }

    private void DeliverLater()
    {
        var details = Details;
        // Looks that are asked for again and again must not put it off.
        if (Interlocked.Exchange(ref details.LooksAgain, true))
            return;
        // A timer takes locks of the runtime's, for which whoever holds a hub must not wait: who holds them may wait for that very hub, and then
        // no timer of the process fires any more. Nor may a kill be thrown here, out of the wait for such a lock.
        ThreadPool.UnsafeQueueUserWorkItem(static greenlet => greenlet.SetLook(), this, preferLocal: false);
    }

    private void SetLook()
    {
        var details = Details;
        // Real waits take real time, whatever clock the hub has.
        var timer = details.KillTimer;
        if (timer is null)
        {
            timer = TimeProvider.System.CreateTimer(static state => ((Greenlet)state!).LookAgain(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref details.KillTimer, timer);
        }

        timer.Change(RuntimeWait.LeastBlocked, Timeout.InfiniteTimeSpan);
    }

    private void LookAgain()
    {
        // First, and with a fence: what is said to who asks meanwhile is looked at below.
        Interlocked.Exchange(ref Details.LooksAgain, false);
        Deliver();
    }
}
