namespace GreenletBridge;

/// <summary>One <c>await greenlet</c>: the rest of the async method goes on where its context says, at the end or at a kill of who awaits.</summary>
internal sealed class AwaitContinuation(Greenlet greenlet) : IGreenletContinuation, IKillableWait
{
    private const int Waiting = 0;
    private const int Ended = 1;
    private const int Killed = 2;

    private readonly IWaitOwner? _owner = WaitOwner.Current;
    private SynchronizationContext? _context;
    private TaskScheduler? _scheduler;
    private ExecutionContext? _executionContext;
    private Action? _continuation;
    private Exception? _kill;
    private int _state;

    public long Since { get; } = Environment.TickCount64;

    public long Began { get; set; }

    public FlowScope? Flow { get; set; }

    public void OnEnded(Greenlet ended)
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Waiting) == Waiting)
            GoOn();
    }

    public KillReach TryKill(Exception exception)
    {
        // Written before the state that makes it be read; a second killer only replaces it by its own.
        _kill = exception;
        if (Interlocked.CompareExchange(ref _state, Killed, Waiting) != Waiting)
            return KillReach.No;
        greenlet.RemoveContinuation(this);
        GoOn();
        return KillReach.Yes;
    }

    public string Describe() => $"the end of {greenlet}";

    internal void Add(Action continuation, bool flowContext)
    {
        _continuation = continuation;
        _executionContext = flowContext ? ExecutionContext.Capture() : null;
        _context = SynchronizationContext.Current;
        if (_context is null && !ReferenceEquals(TaskScheduler.Current, TaskScheduler.Default))
            _scheduler = TaskScheduler.Current;
        // From here on a kill can end the wait; it goes on then, perhaps before this method returns.
        _owner?.AddWait(this);
        if (Volatile.Read(ref _state) != Waiting)
            return;
        if (!greenlet.TryAddContinuation(this))
            OnEnded(greenlet);
        else if (Volatile.Read(ref _state) == Killed)
            greenlet.RemoveContinuation(this);
    }

    /// <summary>In the awaiting code.</summary>
    internal void ThrowIfKilled()
    {
        if (Volatile.Read(ref _state) == Killed)
            throw _owner!.TakeKill(this) ?? _kill!;
    }

    private void GoOn()
    {
        if (_context is not null)
            _context.Post(static state => ((AwaitContinuation)state!).Invoke(), this);
        else if (_scheduler is not null)
            _ = Task.Factory.StartNew(static state => ((AwaitContinuation)state!).Invoke(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Invoke(), this, preferLocal: false);
    }

    private void Invoke()
    {
        _owner?.RemoveWait(this);
        if (_executionContext is null)
            _continuation!();
        else
            ExecutionContext.Run(_executionContext, static state => ((AwaitContinuation)state!)._continuation!(), this);
    }
}
