namespace GreenletBridge;

/// <summary>The wait hook: a context whose <see cref="Wait"/> the runtime calls when a greenlet blocks, so that the baton is given up meanwhile.</summary>
/// <remarks>
/// Rules that crash the process when they are broken: the result of the real wait goes back untouched; while the hook runs no
/// hooked context is current; the context is gone before the thread's own delegate returns (see Greenlet's segments).
/// </remarks>
internal abstract class HookedContext : SynchronizationContext
{
    private protected HookedContext() => SetWaitNotificationRequired();

    /// <summary>Whose code it is.</summary>
    private protected abstract IWaitOwner Owner { get; }

    /// <summary>The thread on which its code goes on; null: any.</summary>
    internal abstract Runner? Home { get; }

    /// <summary>Whether a thread of .NET's scheduler may go on with its code.</summary>
    internal abstract bool RunsOnScheduler { get; }

    /// <summary>Any thread: a wait that the context's code awaits has ended; it goes on in its turn.</summary>
    internal void Post(AwaitedWaiter waiter) => Owner.Dispatcher.Post(waiter);

    /// <summary>The baton's holder: goes on with the code.</summary>
    internal abstract void Resume(Runner runner, ContextCallback code, object state);

    /// <summary>Called by the runtime on the thread that is about to block.</summary>
    public sealed override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        ArgumentNullException.ThrowIfNull(waitHandles);
        SetSynchronizationContext(null);
        try
        {
            var runner = Runner.Current;
            if (runner is null || runner.Dispatcher != Owner.Dispatcher || WaitOwner.Current != Owner || runner.Segment == SegmentState.InHub)
                return WaitHelper(waitHandles, waitAll, millisecondsTimeout);
            // Closed first: an interrupt meant for user code between waits must not hit this one.
            if (runner.LeaveUserCode())
                Owner.NoteInterruptMissed(runner);
            try
            {
                // A poll: what is ready already costs no hand-off. It may consume a signal, so its result is final.
                var result = WaitHelper(waitHandles, waitAll, 0);
                return result != WaitHandle.WaitTimeout || millisecondsTimeout == 0
                    ? result
                    : WaitAsGreenlet(runner, waitHandles, waitAll, millisecondsTimeout);
            }
            finally
            {
                Owner.EnterUserCode(runner);
            }
        }
        finally
        {
            SetSynchronizationContext(this);
        }
    }

    private int WaitAsGreenlet(Runner runner, IntPtr[] handles, bool waitAll, int timeout)
    {
        Owner.Dispatcher.TryRelease(runner);
        var mayHoldLock = handles.Length != 1 || handles[0] != runner.MonitorHandle;
        Exception? kill;
        int result;
        var wait = runner.RuntimeWait as RuntimeWait;
        if (wait is null)
            runner.RuntimeWait = wait = new RuntimeWait(runner);
        wait.MayBeLock = mayHoldLock;
        wait.Begin();
        try
        {
            Owner.AddWait(wait);
            Owner.NoteWaiting();
            // Only now: what has just been done may take a lock of the runtime's, in which an interrupt would tear the engine's own code
            wait.Open();
            result = WaitHere(wait, handles, waitAll, timeout, out kill);
        }
        finally
        {
            Owner.RemoveWait(wait);
            // An interrupt that came too late for this wait must not hit the next one: the kill itself stays pending.
            var missed = wait.End();
            if (missed)
                InterruptGate.Drain();
            if (missed || wait.HasDeferred)
                Owner.NoteKillNotThrown();
            wait.HasDeferred = false;

            WaitOwner.Current = Owner;
            Owner.Dispatcher.TakeBack(runner, mayHoldLock, Owner.WantsTurn);
        }

        if (kill is not null)
            throw kill;
        return result;
    }

    private int WaitHere(RuntimeWait wait, IntPtr[] handles, bool waitAll, int timeout, out Exception? kill)
    {
        var started = Environment.TickCount64;
        var left = timeout;
        while (true)
        {
            try
            {
                kill = null;
                return WaitHelper(handles, waitAll, left);
            }
            catch (ThreadInterruptedException)
            {
                // Not ours: somebody's own Interrupt, whose exception they expect.
                if (!wait.End())
                    throw;
                var passage = KillBarrier.OfThisStack(isForLock: wait.MayBeLock);
                if (passage == KillPassage.AsInterrupt && Owner.TryTakeKillAsInterrupt(wait))
                    throw;
                kill = passage == KillPassage.Free ? Owner.TakeKill(wait) : null;
                if (kill is not null)
                    return WaitHandle.WaitTimeout;
                // Ours, but not to be thrown here: wait for the rest.
                wait.HasDeferred = true;
                wait.Open();
                if (timeout != Timeout.Infinite)
                    left = (int)Math.Max(0, timeout - (Environment.TickCount64 - started));
            }
        }
    }
}
