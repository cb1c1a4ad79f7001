namespace GreenletBridge;

/// <summary>One call on its way to a thread of an <see cref="OffloadPool"/>.</summary>
internal abstract class OffloadCall
{
    private const int Queued = 0;
    private const int Begun = 1;
    private const int Abandoned = 2;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private int _state;

    /// <summary>The thread: runs it, unless nobody wants it any more.</summary>
    internal void Run()
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Queued) != Queued)
            return;
        if (_context is null)
            Invoke();
        else
            ExecutionContext.Run(_context, static call => ((OffloadCall)call!).Invoke(), this);
    }

    /// <summary>Nobody waits for it any more: it does not begin, or its outcome is dropped.</summary>
    internal void Abandon(CancellationToken cancellationToken)
    {
        Interlocked.CompareExchange(ref _state, Abandoned, Queued);
        Cancel(cancellationToken);
    }

    /// <summary>Whoever waits would rather not: true if it has not begun, and does not begin any more.</summary>
    internal bool TryRevoke() => Interlocked.CompareExchange(ref _state, Abandoned, Queued) == Queued;

    /// <summary>The pool was disposed before it began.</summary>
    internal void Refuse(Exception error)
    {
        if (Interlocked.CompareExchange(ref _state, Abandoned, Queued) == Queued)
            Fail(error);
    }

    /// <summary>Calls the user's code; must not throw.</summary>
    protected abstract void Invoke();

    protected abstract void Cancel(CancellationToken cancellationToken);

    protected abstract void Fail(Exception error);
}
