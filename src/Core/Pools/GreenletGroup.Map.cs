namespace GreenletBridge;

/// <content>One greenlet for each item of a sequence.</content>
public partial class GreenletGroup
{
    /// <summary>Runs blocking code for each item, each in a greenlet of the group, and waits for all. On one of the group's own greenlets it runs inline, one by one.</summary>
    /// <param name="items">The items; read by the caller, as far as there are places.</param>
    /// <param name="body">The code.</param>
    /// <param name="cancellationToken">Ends the wait and kills what was begun.</param>
    /// <returns>The values in the order of the items.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">The first failure by position, when all have ended.</exception>
    public IReadOnlyList<TResult> Map<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, TResult> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(body);
        if (IsHere)
            return [.. items.Select(body)];
        var greenlets = new List<Greenlet<TResult>>();
        try
        {
            foreach (var item in items)
                greenlets.Add(Begin(Hub.Create(() => body(item)), cancellationToken));
            Greenlet.JoinAll(greenlets, cancellationToken: cancellationToken);
        }
        catch
        {
            // Whoever waits was killed or has enough: the work is for nobody.
            greenlets.ForEach(static greenlet => greenlet.Kill());
            throw;
        }

        return greenlets.ConvertAll(static greenlet => greenlet.ResultOrThrow());
    }

    /// <summary>As <see cref="Map"/>, for async code, awaited.</summary>
    /// <inheritdoc cref="Map"/>
    public async Task<IReadOnlyList<TResult>> MapAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, Task<TResult>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(body);
        var greenlets = new List<Greenlet<TResult>>();
        if (IsHere)
        {
            var values = new List<TResult>();
            foreach (var item in items)
                values.Add(await body(item).ConfigureAwait(true));
            return values;
        }

        try
        {
            foreach (var item in items)
                greenlets.Add(await BeginAsync(Hub.Create(() => body(item)), cancellationToken).ConfigureAwait(true));
            await Greenlet.JoinAllAsync(greenlets, cancellationToken: cancellationToken).ConfigureAwait(true);
        }
        catch
        {
            greenlets.ForEach(static greenlet => greenlet.Kill());
            throw;
        }

        return greenlets.ConvertAll(static greenlet => greenlet.ResultOrThrow());
    }

    /// <summary>As <see cref="Map"/>, lazily: items are read, and greenlets begun, only so far ahead of who takes the values.</summary>
    /// <param name="items">The items; read by who takes the values.</param>
    /// <param name="body">The code.</param>
    /// <param name="bound">How many items may be under way or done and not taken, at least 1; null (the default): as many as a pool has places, in a group without limit.</param>
    /// <returns>The values in the order of the items. A step throws what its item failed with, and the next step goes on. Left early it kills what is under way.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is less than 1.</exception>
    public IEnumerable<TResult> IMap<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, TResult> body, int? bound = null) =>
        new MapSequence<TItem, TResult>(Plan(items, body, bound, ordered: true), body);

    /// <summary>As <see cref="IMap"/>; the values come in the order in which they are done.</summary>
    /// <inheritdoc cref="IMap" path="/param|/exception"/>
    /// <returns>The values. A step throws what an item failed with, and the next step goes on. Left early it kills what is under way.</returns>
    public IEnumerable<TResult> IMapUnordered<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, TResult> body, int? bound = null) =>
        new MapSequence<TItem, TResult>(Plan(items, body, bound, ordered: false), body);

    /// <summary>As <see cref="IMap"/>, for async code and <c>await foreach</c>.</summary>
    /// <inheritdoc cref="IMap"/>
    public IAsyncEnumerable<TResult> IMapAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, Task<TResult>> body, int? bound = null) =>
        new AsyncMapSequence<TItem, TResult>(Plan(items, body, bound, ordered: true), body);

    /// <summary>As <see cref="IMapUnordered"/>, for async code and <c>await foreach</c>.</summary>
    /// <inheritdoc cref="IMapUnordered"/>
    public IAsyncEnumerable<TResult> IMapUnorderedAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, Task<TResult>> body, int? bound = null) =>
        new AsyncMapSequence<TItem, TResult>(Plan(items, body, bound, ordered: false), body);

    /// <summary>How far a lazy map goes ahead if nobody says.</summary>
    private protected virtual int DefaultBound => int.MaxValue;

    private MapPlan<TItem> Plan<TItem>(IEnumerable<TItem> items, Delegate body, int? bound, bool ordered)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(body);
        if (bound is { } most)
            ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(bound));
        return new MapPlan<TItem>(this, items, bound ?? DefaultBound, ordered);
    }
}
