namespace GreenletBridge;

/// <summary>A lazy map of async code on a greenlet of the group itself: item by item, when its value is asked for.</summary>
internal sealed class InlineMapEnumerator<TItem, TResult>(IEnumerator<TItem> items, Func<TItem, Task<TResult>> body, CancellationToken cancellationToken) : IAsyncEnumerator<TResult>
{
    private TResult _current = default!;

    public TResult Current => _current;

    public async ValueTask<bool> MoveNextAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!items.MoveNext())
            return false;
        _current = await body(items.Current).ConfigureAwait(true);
        return true;
    }

    public ValueTask DisposeAsync()
    {
        items.Dispose();
        return ValueTask.CompletedTask;
    }
}
