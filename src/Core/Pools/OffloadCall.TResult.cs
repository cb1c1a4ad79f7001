namespace GreenletBridge;

/// <summary>A call with a value.</summary>
internal sealed class OffloadCall<T>(Func<T> body) : OffloadCall
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<T> Task => _source.Task;

    protected override void Invoke()
    {
        try
        {
            _source.TrySetResult(body());
        }
        catch (Exception e)
        {
            // The outcome of the call.
            _source.TrySetException(e);
        }
    }

    protected override void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);

    protected override void Fail(Exception error) => _source.TrySetException(error);
}
