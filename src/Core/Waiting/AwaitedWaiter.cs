using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace GreenletBridge;

/// <summary>A wait that is awaited, once: itself what its <see cref="ValueTask"/> asks, what is posted to the hub, and the end of the wait.</summary>
/// <remarks>
/// It ends at home: in a segment of the greenlet that waits, else in the context in which it was begun, never on the stack of who ends the wait, who
/// may be anybody with anything in his hands. What awaits it goes on there and then if that is its context, too; a Task with its continuation and
/// its post would be four objects more, and a library's async method around it a state machine each.
/// </remarks>
internal abstract class AwaitedWaiter : Waiter
{
    private const int Preparing = 0;
    private const int Pending = 1;
    private const int Woken = 2;

    private static readonly Action<object?> _done = static _ => { };
    private static readonly ContextCallback _end = static self => ((AwaitedWaiter)self!).End();

    private readonly IWaitOwner? _owner = WaitOwner.Current;
    private readonly object? _home;
    private readonly AwaitedLimit? _limit;
    private int _phase;
    private Action<object?>? _continuation;
    private object? _state;
    private object? _context;
    private ExecutionContext? _executionContext;
    private ExceptionDispatchInfo? _error;

    private protected AwaitedWaiter(IWaitSource? source, TimeSpan? timeout, CancellationToken cancellationToken)
        : base(source)
    {
        _home = _owner?.Context ?? CurrentContext();
        if (!WaitLimit.IsNone(timeout, cancellationToken))
            _limit = new AwaitedLimit(timeout, cancellationToken);
    }

    internal override bool RunsOnScheduler => ((HookedContext)_home!).RunsOnScheduler;

    internal override Runner? Target => ((HookedContext)_home!).Home;

    /// <summary>How long it may last; null: no limit.</summary>
    protected TimeSpan? Timeout => _limit?.Timeout;

    /// <summary>What else ends it.</summary>
    protected CancellationToken Token => _limit?.Token ?? CancellationToken.None;

    /// <summary>Whether it has ended and its end is known to who awaits it.</summary>
    protected bool IsDone => ReferenceEquals(Volatile.Read(ref _continuation), _done);

    internal override void Run(Runner runner) => ((HookedContext)_home!).Resume(runner, _end, this);

    /// <summary>Its creator, once: begins to wait. It may end there and then.</summary>
    internal void Begin()
    {
        Waits.Begin(this, _owner, _limit);
        if (Interlocked.CompareExchange(ref _phase, Pending, Preparing) == Preparing)
            return;
        // A kill is thrown only when the segment is over: one that comes while it begins several waits ends all of them.
        if (Outcome == WaitOutcome.Killed)
            GoHome();
        else
            End();
    }

    public ValueTaskSourceStatus GetStatus(short token) =>
        !IsDone ? ValueTaskSourceStatus.Pending
        : _error is null ? ValueTaskSourceStatus.Succeeded
        : _error.SourceException is OperationCanceledException ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Faulted;

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _state = state;
        _context = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0 ? CurrentContext() : null;
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
            _executionContext = ExecutionContext.Capture();
        var before = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (ReferenceEquals(before, _done))
            Schedule(continuation);
        else if (before is not null)
            throw new InvalidOperationException("It is awaited already. Await a ValueTask once, or call AsTask() and await that.");
    }

    /// <summary>What comes of the wait; it has ended, and not by a kill. What it throws is thrown to who awaits.</summary>
    protected abstract void SetResult(WaitOutcome outcome);

    /// <summary>Who awaits asks for the result.</summary>
    protected void ThrowIfFailed() => _error?.Throw();

    protected override void OnEnded()
    {
        if (Interlocked.Exchange(ref _phase, Woken) == Pending)
            GoHome();
    }

    // As the runtime does it for a Task.
    private static object? CurrentContext()
    {
        var context = SynchronizationContext.Current;
        if (context is not null && context.GetType() != typeof(SynchronizationContext))
            return context;
        var scheduler = TaskScheduler.Current;
        return scheduler == TaskScheduler.Default ? null : scheduler;
    }

    private void GoHome()
    {
        switch (_home)
        {
            case HookedContext hooked:
                hooked.Post(this);
                break;
            case SynchronizationContext context:
                context.Post(static self => ((AwaitedWaiter)self!).End(), this);
                break;
            case TaskScheduler scheduler:
                _ = Task.Factory.StartNew(static self => ((AwaitedWaiter)self!).End(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
                break;
            default:
                ThreadPool.UnsafeQueueUserWorkItem(static self => self.End(), this, preferLocal: true);
                break;
        }
    }

    /// <summary>At home: the wait is over.</summary>
    private void End()
    {
        Waits.End(this, _owner, _limit);
        try
        {
            if (Outcome == WaitOutcome.Killed)
                _error = ExceptionDispatchInfo.Capture(_owner?.TakeKill(this) ?? Kill!);
            else
                SetResult(Outcome);
        }
        catch (Exception e)
        {
            // Thrown where it is awaited.
            _error = ExceptionDispatchInfo.Capture(e);
        }

        if (Interlocked.Exchange(ref _continuation, _done) is not { } continuation)
            return;
        if (ReferenceEquals(_context, _home))
            Invoke(continuation);
        else
            Schedule(continuation);
    }

    private void Invoke(Action<object?> continuation)
    {
        if (_executionContext is null)
            continuation(_state);
        else
            ExecutionContext.Run(_executionContext, static c => ((Continuation)c!).Invoke(), new Continuation(continuation, _state));
    }

    /// <summary>Where who awaits it asked for, and not here.</summary>
    private void Schedule(Action<object?> continuation)
    {
        var call = new Continuation(c => Invoke((Action<object?>)c!), continuation);
        switch (_context)
        {
            case SynchronizationContext context:
                context.Post(static c => ((Continuation)c!).Invoke(), call);
                break;
            case TaskScheduler scheduler:
                _ = Task.Factory.StartNew(static c => ((Continuation)c!).Invoke(), call, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
                break;
            default:
                ThreadPool.UnsafeQueueUserWorkItem(static c => c.Invoke(), call, preferLocal: true);
                break;
        }
    }

    private sealed record Continuation(Action<object?> Code, object? State)
    {
        internal void Invoke() => Code(State);
    }
}
