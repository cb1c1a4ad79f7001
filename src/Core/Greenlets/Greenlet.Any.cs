using System.Runtime.CompilerServices;

namespace GreenletBridge;

/// <content>Waiting for whatever is ready first.</content>
public partial class Greenlet
{
    /// <summary>Waits until one of several things is ready: greenlets, events, results, semaphores, Tasks (<c>task.AsWaitable()</c>). Takes nothing from it.</summary>
    /// <param name="items">What to wait for.</param>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The first that was ready, of several the first in the list; null when the time was up.</returns>
    /// <exception cref="ArgumentException">There is no list, it is empty, or one in it is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="HubDeadlockException">None of them can ever be ready, and there is no limit.</exception>
    public static IGreenletWaitable? WaitAny(IEnumerable<IGreenletWaitable> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        HubCallback.ThrowIfInside();
        var all = ListOf(items, least: 1, timeout, cancellationToken);
        if (FirstReady(all) is { } first)
            return first;
        using var set = new ReadySet(all);
        return set.Next(timeout, cancellationToken);
    }

    /// <summary>As <see cref="WaitAny"/>, awaited.</summary>
    /// <inheritdoc cref="WaitAny"/>
    public static async Task<IGreenletWaitable?> WaitAnyAsync(IEnumerable<IGreenletWaitable> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var all = ListOf(items, least: 1, timeout, cancellationToken);
        if (FirstReady(all) is { } first)
            return first;
        using var set = new ReadySet(all);
        return await set.NextAsync(timeout, cancellationToken).ConfigureAwait(true);
    }

    /// <summary>Gives several things one by one as they become ready; waits between them. Takes nothing from them.</summary>
    /// <param name="items">What to wait for: greenlets, events, results, semaphores, Tasks (<c>task.AsWaitable()</c>).</param>
    /// <param name="timeout">How long to wait for all together, from the first step on; null (the default): without limit. When it is up the sequence ends.</param>
    /// <param name="count">How many to give, at least 1; null (the default): all.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The things, in the order in which they became ready. Left early it forgets the others.</returns>
    /// <exception cref="ArgumentException">There is no list, or one in it is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1, or the time is negative.</exception>
    /// <exception cref="HubDeadlockException">None of them can ever be ready, and there is no limit.</exception>
    public static IEnumerable<IGreenletWaitable> WaitEach(
        IEnumerable<IGreenletWaitable> items, TimeSpan? timeout = null, int? count = null, CancellationToken cancellationToken = default)
    {
        if (count is { } wanted)
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1, nameof(count));
        return Each(ListOf(items, least: 0, timeout, cancellationToken));

        IEnumerable<IGreenletWaitable> Each(IGreenletWaitable[] all)
        {
            var limit = WaitTime.Start(timeout);
            using var set = new ReadySet(all);
            for (var left = Math.Min(count ?? all.Length, all.Length); left > 0; left--)
            {
                if (set.Next(limit.Left, cancellationToken) is not { } next)
                    yield break;
                yield return next;
            }
        }
    }

    /// <summary>As <see cref="WaitEach"/>, for <c>await foreach</c>.</summary>
    /// <inheritdoc cref="WaitEach"/>
    public static IAsyncEnumerable<IGreenletWaitable> WaitEachAsync(
        IEnumerable<IGreenletWaitable> items, TimeSpan? timeout = null, int? count = null, CancellationToken cancellationToken = default)
    {
        if (count is { } wanted)
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1, nameof(count));
        return Each(ListOf(items, least: 0, timeout, cancellationToken), cancellationToken);

        async IAsyncEnumerable<IGreenletWaitable> Each(IGreenletWaitable[] all, [EnumeratorCancellation] CancellationToken token)
        {
            var limit = WaitTime.Start(timeout);
            using var set = new ReadySet(all);
            for (var left = Math.Min(count ?? all.Length, all.Length); left > 0; left--)
            {
                if (await set.NextAsync(limit.Left, token).ConfigureAwait(true) is not { } next)
                    yield break;
                yield return next;
            }
        }
    }

    private static IGreenletWaitable[] ListOf(IEnumerable<IGreenletWaitable> items, int least, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        _ = WaitLimit.IsLook(timeout, cancellationToken);
        IGreenletWaitable[] all = [.. items];
        if (all.Length < least)
            throw new ArgumentException("There is nothing to wait for: the list is empty.", nameof(items));
        if (Array.IndexOf(all, null) is var index and >= 0)
            throw new ArgumentException($"The item at index {index} is null.", nameof(items));
        if (all.Length > 0 && WaitLimit.IsNone(timeout, cancellationToken) && Array.TrueForAll(all, static item => item is Greenlet { NeverEnds: true }))
            throw new HubDeadlockException($"{all[0]} {(all[0] == Current ? "waits for itself" : "was never started")}: nothing can end the wait. Call Start() first.");
        return all;
    }

    private static IGreenletWaitable? FirstReady(IGreenletWaitable[] all)
    {
        var first = Array.Find(all, static item => item.IsReady);
        if (first is Greenlet greenlet)
            greenlet.Join(TimeSpan.Zero);
        return first;
    }
}
