using System.Runtime.ExceptionServices;

namespace GreenletBridge;

/// <content>Start, segments, end.</content>
public partial class Greenlet
{
    private static readonly ContextCallback _invokeBody = static state => ((Greenlet)state!).InvokeBody();

    private bool _hasStartTime;

    /// <summary>Has the greenlet run as soon as its hub comes to it; never synchronously. A second start does nothing.</summary>
    /// <exception cref="HubStoppedException">Its hub takes no more work.</exception>
    public void Start()
    {
        if (Volatile.Read(ref _status) != (int)GreenletStatus.Created)
            return;
        _target.ThrowIfClosed(this);
        StartEvenIfClosed();
    }

    /// <summary>Starts it on a hub that may be stopping: what ends there is still told to those who asked.</summary>
    internal void StartEvenIfClosed()
    {
        if (Interlocked.CompareExchange(ref _status, (int)GreenletStatus.Scheduled, (int)GreenletStatus.Created) != (int)GreenletStatus.Created)
            return;
        if (Volatile.Read(ref _hasStartTime))
            _target.TimerHub.Delayed.Remove(this);
        _executionContext = ExecutionContext.Capture();
        NoteScheduled();
        _target.Schedule(this);
    }

    /// <summary>As <see cref="Start"/>, but runs the first segment at once on the calling thread if its profile and a free hub allow.</summary>
    internal void StartInPlace()
    {
        _target.ThrowIfClosed(this);
        var inPlace = Trust!.IsGiven && SynchronizationContext.Current is null;
        if (Interlocked.CompareExchange(ref _status, (int)GreenletStatus.Scheduled, (int)GreenletStatus.Created) != (int)GreenletStatus.Created)
            return;
        _executionContext = ExecutionContext.Capture();
        NoteScheduled();
        if (inPlace ? !_target.TryRunInPlace(this) : Profile?.StartsDetached() != true || !_target.TryStartDetached(this))
            _target.Schedule(this);
    }

    /// <summary>As <see cref="StartInPlace"/>. Whether it has ended with its value by then.</summary>
    internal bool EndsInPlace()
    {
        StartInPlace();
        return IsSuccessful;
    }

    /// <summary>Starts the greenlet when <paramref name="delay"/> has passed by the hub's clock. Does nothing if it was started before.</summary>
    /// <param name="delay">Zero or less: now.</param>
    /// <exception cref="HubStoppedException">Its hub takes no more work.</exception>
    public void StartLater(TimeSpan delay)
    {
        if (Volatile.Read(ref _status) != (int)GreenletStatus.Created)
            return;
        _target.ThrowIfClosed(this);
        _executionContext = ExecutionContext.Capture();
        Volatile.Write(ref _hasStartTime, true);
        _target.TimerHub.Delayed.Add(this, delay);
        if (Volatile.Read(ref _status) == (int)GreenletStatus.Created)
            return;
        // Started or killed meanwhile: nothing is left of its time.
        _target.TimerHub.Delayed.Remove(this);
        _target.TimerHub.LookIfJoined();
    }

    /// <summary>Starts it for somebody who converts it; one that has a time for its start keeps it.</summary>
    internal void AutoStart()
    {
        if (!Volatile.Read(ref _hasStartTime))
            Start();
    }

    /// <summary>The time of <see cref="StartLater"/> has come.</summary>
    internal void StartNow()
    {
        if (Interlocked.CompareExchange(ref _status, (int)GreenletStatus.Scheduled, (int)GreenletStatus.Created) != (int)GreenletStatus.Created)
        {
            _target.TimerHub.LookIfJoined();
            return;
        }

        NoteScheduled();
        _target.Schedule(this);
    }

    /// <summary>The body's first segment; the baton's holder.</summary>
    internal override void Run(Runner runner)
    {
        if (_target is not Hub hub)
            _target = hub = (Hub)runner.Dispatcher!.Host;
        if (hub.KillsAll && !RunsAtStop)
            Kill();
        if (Interlocked.CompareExchange(ref _status, (int)GreenletStatus.Running, (int)GreenletStatus.Scheduled) != (int)GreenletStatus.Scheduled)
            return;
        var context = _context = new GreenletContext(this);
        hub.NoteBegun();
        // On a carrier beside the hub's baton: it is known to block, perhaps where no wait would enter it in the list.
        if (runner is { IsCarrier: true, Segment: SegmentState.Detached })
            Register();
        var unseen = Profile is { } profile ? profile.Unseen : hub.BlockingHistory.Unseen(_code!);
        var began = Trust is null ? 0 : Environment.TickCount64;
        RunSegment(context, runner, _executionContext, _invokeBody, this);
        Trust?.NoteRun(Environment.TickCount64 - began);
        NoteRun(runner, unseen);
        ArmSuspended(runner);
    }

    /// <summary>Many are kept only until somebody asks how they ended: without their context they are half as large.</summary>
    internal override void LetGo()
    {
        if (_context is { IsUsed: false } && IsReady)
            _context = null;
    }

    private static void NoteRun(Runner runner, UnseenBlocking? unseen)
    {
        if (runner.Segment == SegmentState.Running)
            unseen?.NoteClean();
    }

    /// <summary>A continuation of it; the baton's holder.</summary>
    internal void RunPosted(GreenletContext context, Runner runner, ContextCallback code, object state)
    {
        // What it has left running may come back when it has ended long ago.
        _context ??= context;
        MoveStatus(GreenletStatus.Waiting, GreenletStatus.Running);
        if (_details is { AwaitBegan: not 0 and var began } details)
        {
            details.AwaitBegan = 0;
            ReportWait(AwaitText, began);
        }

        // Continuations bring their own ExecutionContext; what they leave behind must not reach the next item.
        RunSegment(context, runner, CleanContext.Value, code, state);
        ArmSuspended(runner);
    }

    /// <summary>The outcome is known. Called once, in a segment of the greenlet or by the kill that came before it began.</summary>
    internal void End(Exception? error)
    {
        // Where the segment runs beside this, it lets go of the context as soon as the status says that it has ended.
        var context = _context;
        ReportEnded(error);
        error = Explained(error);
        _details?.Forget();
        _exception = error;
        var status = StatusOf(error);
        Volatile.Write(ref _status, (int)status);
        RunContinuations();
        _executionContext = null;
        _code = null;
        if (status == GreenletStatus.Faulted && !_observed)
            Hub?.ReportUnlessObserved(this);
        context?.Hub.NoteEnded(context);
    }

    /// <summary>Waits for the end. Checks first what can never end.</summary>
    internal void WaitForGet(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _ = WaitLimit.IsZero(timeout);
        _observed = true;
        if (IsReady)
            return;
        switch (WaitForEnd(timeout, cancellationToken))
        {
            case WaitOutcome.TimedOut:
                throw new TimeoutException($"{this} did not end within {timeout}.");
            case WaitOutcome.Canceled:
                throw new OperationCanceledException(cancellationToken);
        }
    }

    internal void ThrowIfFailed()
    {
        if (_exception is { } error)
            ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Enters it in its hub's list, once: it has begun and may now be found waiting.</summary>
    internal void Register()
    {
        if (_context is { } context && context.TryMarkRegistered())
            context.Hub.Register(context);
    }

    /// <summary>Keeps the AsyncLocal values that a blocking body has changed, for who awaits the greenlet.</summary>
    internal void NoteContext(Exception? error = null)
    {
        ReportEnded(error);
        var context = ExecutionContext.Capture();
        if (!ReferenceEquals(context, _executionContext ?? CleanContext.Value))
            Details.ChangedContext = context;
    }

    /// <summary>In the awaiting code: takes over what <see cref="NoteContext"/> has kept.</summary>
    internal void FlowContextBack()
    {
        if (_details?.ChangedContext is not { } context)
            return;
        // Limits, scopes and locks are those of the code that awaits.
        var scope = FlowScope.Current;
        ExecutionContext.Restore(context);
        FlowScope.Keep(scope);
    }

    private void RunSegment(GreenletContext context, Runner runner, ExecutionContext? executionContext, ContextCallback code, object? state)
    {
        WaitOwner.Current = this;
        SynchronizationContext.SetSynchronizationContext(context);
        context.Enter(runner);
        try
        {
            ExecutionContext.Run(executionContext ?? CleanContext.Value, code, state);
        }
        catch (Exception e)
        {
            // Out of a posted callback (async void): nobody's outcome.
            context.Hub.ReportUnhandled(this, e);
        }
        finally
        {
            if (runner.LeaveUserCode())
                NoteInterruptMissed(runner);
            ReportSegment(context, runner);
            // Before the thread leaves user code: a hooked context that outlives it crashes the runtime at thread exit.
            SynchronizationContext.SetSynchronizationContext(null);
            WaitOwner.Current = null;
            context.Leave(runner);
            if (Volatile.Read(ref _status) == (int)GreenletStatus.Running)
            {
                // Before it is seen to wait: who counts those that wait looks for them in the list.
                NoteAwait(context);
                Register();
                MoveStatus(GreenletStatus.Running, GreenletStatus.Waiting);
                // After that, and with a fence: a thread whose wait is over by now says itself that it runs.
                if (context.RunnerCount is > 0 and var runners && runners > StackWaits)
                    MoveStatus(GreenletStatus.Waiting, GreenletStatus.Running);
            }
        }
    }

    private void MoveStatus(GreenletStatus from, GreenletStatus to)
    {
        if (Volatile.Read(ref _status) == (int)from)
            Interlocked.CompareExchange(ref _status, (int)to, (int)from);
    }

    private void InvokeBody()
    {
        ReportBegun();
        try
        {
            _body.Invoke(this, _code!);
        }
        catch (Exception e)
        {
            // The outcome of the greenlet.
            NoteContext(e);
            End(e);
        }
    }
}
