using System.Collections;

namespace GreenletBridge;

/// <summary>A lazy map of blocking code.</summary>
internal sealed class MapSequence<TItem, TResult>(MapPlan<TItem> plan, Func<TItem, TResult> body) : IEnumerable<TResult>
{
    // On one of the group's own greenlets inline: it holds a place that the items may need.
    public IEnumerator<TResult> GetEnumerator() =>
        plan.Group.IsHere
            ? plan.Items.Select(body).GetEnumerator()
            : new MapEnumerator<TItem, TResult>(plan.Group, new MapRun<TItem, TResult>(plan, item => plan.Group.Hub.Create(() => body(item))));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
