namespace GreenletBridge;

/// <summary>A lazy map of async code.</summary>
internal sealed class AsyncMapSequence<TItem, TResult>(MapPlan<TItem> plan, Func<TItem, Task<TResult>> body) : IAsyncEnumerable<TResult>
{
    // On one of the group's own greenlets inline: it holds a place that the items may need.
    public IAsyncEnumerator<TResult> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        plan.Group.IsHere
            ? new InlineMapEnumerator<TItem, TResult>(plan.Items.GetEnumerator(), body, cancellationToken)
            : new AsyncMapEnumerator<TItem, TResult>(
                plan.Group, new MapRun<TItem, TResult>(plan, item => plan.Group.Hub.Create(() => body(item))), cancellationToken);
}
