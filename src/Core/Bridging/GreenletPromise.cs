namespace GreenletBridge;

/// <summary>A greenlet's end as a Task.</summary>
internal abstract class GreenletPromise<T>(GreenletToTaskOptions options)
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IGreenletContinuation
{
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private Greenlet? _greenlet;

    public void OnEnded(Greenlet greenlet)
    {
        _registration.Unregister();
        switch (greenlet.Status)
        {
            case GreenletStatus.Completed:
                TrySetResult(ValueOf(greenlet)!);
                break;
            case GreenletStatus.Killed when !options.AutoCancelTask:
                TrySetResult(default!);
                break;
            case GreenletStatus.Killed:
                TrySetCanceled(_token.IsCancellationRequested ? _token : default);
                break;
            // A kill with an exception of one's own is a failure, whatever the exception's type.
            case var _ when greenlet.EndException is OperationCanceledException canceled && !greenlet.EndedByKill:
                TrySetCanceled(canceled.CancellationToken);
                break;
            default:
                TrySetException(greenlet.EndException!);
                break;
        }
    }

    internal Task<T> Attach(Greenlet greenlet, CancellationToken cancellationToken)
    {
        _greenlet = greenlet;
        _token = cancellationToken;
        // One whose token is cancelled already must not begin before the kill below reaches it.
        if (options.AutoStartGreenlet && !(options.AutoKillGreenlet && cancellationToken.IsCancellationRequested))
            greenlet.AutoStart();
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static state => ((GreenletPromise<T>)state!).OnCanceled(), this);
        if (!greenlet.TryAddContinuation(this))
            OnEnded(greenlet);
        return Task;
    }

    private protected abstract T? ValueOf(Greenlet greenlet);

    private void OnCanceled()
    {
        // The Task first: the killed greenlet's end must not be told as if nobody had asked for it.
        if (options.Completion == GreenletCompletion.Immediate || !options.AutoKillGreenlet)
            TrySetCanceled(_token);
        if (options.AutoKillGreenlet)
            _greenlet!.KillFromOutside();
    }
}
