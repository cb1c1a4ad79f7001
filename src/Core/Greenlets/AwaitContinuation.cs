namespace GreenletBridge;

/// <summary>The rest of an async method that awaits a greenlet; goes on where its context says.</summary>
internal sealed class AwaitContinuation : IGreenletContinuation
{
    private readonly Action _continuation;
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly ExecutionContext? _executionContext;

    private AwaitContinuation(Action continuation, bool flowContext)
    {
        _continuation = continuation;
        _executionContext = flowContext ? ExecutionContext.Capture() : null;
    }

    internal static void Add(Greenlet greenlet, Action continuation, bool flowContext)
    {
        var added = new AwaitContinuation(continuation, flowContext);
        if (!greenlet.TryAddContinuation(added))
            added.OnEnded(greenlet);
    }

    public void OnEnded(Greenlet greenlet)
    {
        if (_context is not null)
            _context.Post(static state => ((AwaitContinuation)state!).Invoke(), this);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Invoke(), this, preferLocal: false);
    }

    private void Invoke()
    {
        if (_executionContext is null)
            _continuation();
        else
            ExecutionContext.Run(_executionContext, static state => ((AwaitContinuation)state!)._continuation(), this);
    }
}
