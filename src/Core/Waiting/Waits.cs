namespace GreenletBridge;

/// <summary>Waiting: cooperatively on a greenlet, blocking on any other thread, or awaited.</summary>
internal static class Waits
{
    /// <summary>Blocks the caller until the source has come, the time is up or the token is cancelled.</summary>
    /// <param name="source">What to wait for; null: only the time.</param>
    /// <param name="timeout">Null or infinite: no limit. Zero: only a look. Never less.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completed, TimedOut or Canceled; a kill is thrown.</returns>
    internal static WaitOutcome Block(IWaitSource? source, TimeSpan? timeout, CancellationToken cancellationToken = default)
    {
        HubCallback.ThrowIfInside();
        var owner = WaitOwner.Current;
        var runner = Runner.Current;
        return owner is not null && runner is not null && runner.Dispatcher == owner.Dispatcher && runner.Segment != SegmentState.InHub
            ? BlockGreenlet(source, timeout, owner, runner, cancellationToken)
            : BlockThread(source, timeout, cancellationToken);
    }

    /// <summary>As <see cref="Block"/>, awaited; on a greenlet the caller goes on in it.</summary>
    internal static ValueTask<WaitOutcome> Async(IWaitSource? source, TimeSpan? timeout, CancellationToken cancellationToken = default) =>
        new OutcomeWaiter(source, timeout, cancellationToken).Start();

    /// <summary>As <see cref="Async"/>, as a Task.</summary>
    internal static async Task<WaitOutcome> AsTask(IWaitSource? source, TimeSpan? timeout) => await Async(source, timeout).ConfigureAwait(true);

    /// <summary>An awaited wait begins. Its code runs on: it is seen to wait when the segment is over.</summary>
    internal static void Begin(Waiter waiter, IWaitOwner? owner, AwaitedLimit? limit)
    {
        if (TryBegin(waiter, owner))
            limit?.Begin(waiter, owner);
    }

    /// <summary>An awaited wait is over.</summary>
    internal static void End(Waiter waiter, IWaitOwner? owner, AwaitedLimit? limit)
    {
        owner?.RemoveWait(waiter);
        limit?.End();
        if (waiter.Outcome != WaitOutcome.Completed)
            waiter.Source?.Remove(waiter);
    }

    private static WaitOutcome BlockGreenlet(IWaitSource? source, TimeSpan? timeout, IWaitOwner owner, Runner runner, CancellationToken cancellationToken)
    {
        if (runner.LeaveUserCode())
            owner.NoteInterruptMissed(runner);
        var waiter = Park(source, timeout, owner, runner, cancellationToken, out var timer);
        if (waiter.Outcome == WaitOutcome.Killed && KillBarrier.OfThisStack() == KillPassage.Deferred)
        {
            // The kill stays pending and is thrown at a wait outside of the code that it would poison.
            owner.AddShield();
            waiter = Park(source, timer is null ? timeout : owner.Dispatcher.Clock.Until(timer.Due), owner, runner, cancellationToken, out _);
            owner.RemoveShield();
        }

        // A wait that had ended before the thread could park; one that goes on without the baton takes its turn here.
        if (owner.WantsTurn)
            owner.Dispatcher.Reattach(runner);
        // Taken first: user code that is entered with a kill pending has it sent again.
        var kill = waiter.Outcome == WaitOutcome.Killed ? owner.TakeKill(waiter) ?? waiter.Kill : null;
        owner.EnterUserCode(runner);
        return kill is null ? waiter.Outcome : throw kill;
    }

    private static GreenletWaiter Park(
        IWaitSource? source, TimeSpan? timeout, IWaitOwner owner, Runner runner, CancellationToken cancellationToken, out WaitTimer? timer)
    {
        var waiter = new GreenletWaiter(source, owner, runner);
        var registration = Begin(waiter, timeout, owner, cancellationToken, out timer);
        owner.NoteWaiting();
        waiter.Park();
        owner.RemoveWait(waiter);
        registration.Unregister();
        timer?.TryCancel();
        if (waiter.Outcome != WaitOutcome.Completed)
            source?.Remove(waiter);
        return waiter;
    }

    private static WaitOutcome BlockThread(IWaitSource? source, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var waiter = new ThreadWaiter(source);
        if (source is not null && !source.TryAdd(waiter))
            return WaitOutcome.Completed;
        try
        {
            waiter.Park(timeout, cancellationToken);
        }
        finally
        {
            if (waiter.Outcome != WaitOutcome.Completed)
                source?.Remove(waiter);
        }

        return waiter.Outcome;
    }

    private static CancellationTokenRegistration Begin(Waiter waiter, TimeSpan? timeout, IWaitOwner owner, CancellationToken cancellationToken, out WaitTimer? timer)
    {
        timer = null;
        if (!TryBegin(waiter, owner))
            return default;
        if (timeout is { } limit && limit != Timeout.InfiniteTimeSpan)
        {
            if (limit <= TimeSpan.Zero)
            {
                waiter.TryEnd(WaitOutcome.TimedOut);
                return default;
            }

            timer = new WaitTimer(owner.Dispatcher.Clock.After(limit), waiter);
            owner.Dispatcher.Post(timer);
        }

        return cancellationToken.UnsafeRegister(static state => ((Waiter)state!).TryEnd(WaitOutcome.Canceled), waiter);
    }

    /// <summary>False when it has ended already.</summary>
    private static bool TryBegin(Waiter waiter, IWaitOwner? owner)
    {
        // A pending kill ends the waiter here, before it takes anything from the source.
        owner?.AddWait(waiter);
        if (waiter.Outcome != WaitOutcome.None)
            return false;
        if (waiter.Source is null || waiter.Source.TryAdd(waiter))
            return true;
        waiter.TryEnd(WaitOutcome.Completed);
        return false;
    }
}
