namespace GreenletBridge;

/// <summary>As <see cref="MapEnumerator{TItem, TResult}"/>, awaited.</summary>
internal sealed class AsyncMapEnumerator<TItem, TResult>(GreenletGroup group, MapRun<TItem, TResult> run, CancellationToken cancellationToken) : IAsyncEnumerator<TResult>
{
    private TResult _current = default!;

    public TResult Current => _current;

    public async ValueTask<bool> MoveNextAsync()
    {
        while (true)
        {
            if (run.NeedsPlace())
            {
                await group.BeginAsync(run.Next!, cancellationToken).ConfigureAwait(true);
                run.Began();
            }

            if (run.TakeDone() is { } done)
            {
                _current = done.ResultOrThrow();
                return true;
            }

            if (run.IsOver)
                return false;
            await WaitLimit.Async(run, hasCome: false, null, cancellationToken).ConfigureAwait(true);
        }
    }

    public ValueTask DisposeAsync()
    {
        run.Dispose();
        return ValueTask.CompletedTask;
    }
}
