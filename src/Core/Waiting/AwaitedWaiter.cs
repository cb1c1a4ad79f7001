using System.Runtime.CompilerServices;

namespace GreenletBridge;

/// <summary>A wait that is awaited, once; the code goes on where the context says in which it was awaited.</summary>
/// <remarks>In a greenlet the waiter itself is what is posted to the hub: a Task with its continuation and its post would be four objects more.</remarks>
internal sealed class AwaitedWaiter(IWaitSource? source) : Waiter(source), ICriticalNotifyCompletion
{
    private static readonly Action _ended = static () => { };
    private Action? _continuation;
    private Action? _resumption;
    private object? _context;

    /// <summary>Whether it has been woken, and may have been handed what it waited for.</summary>
    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), _ended);

    internal override bool RunsOnScheduler => ((HookedContext)_context!).RunsOnScheduler;

    internal override Runner? Target => ((HookedContext)_context!).Home;

    public AwaitedWaiter GetAwaiter() => this;

    public void GetResult()
    {
        // How it ended is asked of the waiter.
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        _context = CurrentContext();
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
            GoOn(continuation);
    }

    internal override void Run(Runner runner) => ((HookedContext)_context!).Resume(runner, _resumption!);

    protected override void OnEnded()
    {
        if (Interlocked.Exchange(ref _continuation, _ended) is { } continuation)
            GoOn(continuation);
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

    // Never on the stack of who ends the wait: that may be anybody, with anything in his hands.
    private void GoOn(Action continuation)
    {
        switch (_context)
        {
            case HookedContext hooked:
                _resumption = continuation;
                hooked.Post(this);
                break;
            case SynchronizationContext context:
                context.Post(static state => ((Action)state!)(), continuation);
                break;
            case TaskScheduler scheduler:
                _ = Task.Factory.StartNew(continuation, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
                break;
            default:
                ThreadPool.UnsafeQueueUserWorkItem(static state => state(), continuation, preferLocal: true);
                break;
        }
    }
}
