using System.Collections;

namespace GreenletBridge;

/// <summary>Greenlets that belong together: counted, waited for and killed as one. A greenlet leaves by itself when it ends.</summary>
/// <remarks>All members may be used from any thread. What fails in it is reported as any greenlet's failure is, unless somebody waits for it.</remarks>
/// <example><code>
/// var group = new GreenletGroup();
/// foreach (var url in urls)
///     group.Spawn(() => Fetch(url));
/// if (!group.Join(TimeSpan.FromSeconds(30)))
///     group.Kill();
/// </code></example>
public partial class GreenletGroup : IReadOnlyCollection<Greenlet>, IGreenletContinuation
{
    private readonly HashSet<Greenlet> _greenlets = [];
    private TinyLock _lock;

    /// <summary>Makes an empty group.</summary>
    /// <param name="hub">What runs its greenlets; null (the default): the hub that the caller is on, else <see cref="Hub.Default"/>.</param>
    public GreenletGroup(Hub? hub = null) => Hub = hub ?? Hub.Current ?? Hub.Default;

    /// <summary>What runs its greenlets.</summary>
    public Hub Hub { get; }

    /// <summary>How many greenlets it has now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the calling greenlet is one of its own.</summary>
    internal bool IsHere => Greenlet.Current is { } current && Contains(current);

    // Beside the set, so that a look takes no lock.
    private int _count;

    /// <summary>Whether a greenlet is in it.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="greenlet"/> is null.</exception>
    public bool Contains(Greenlet greenlet)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        _lock.Enter();
        var contains = _greenlets.Contains(greenlet);
        _lock.Exit();
        return contains;
    }

    /// <summary>Takes in a greenlet that was made elsewhere; a pool waits for a place for it. Nothing if it is in or has ended.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="greenlet"/> is null.</exception>
    public void Add(Greenlet greenlet)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        if (Contains(greenlet) || greenlet.IsReady)
            return;
        TryEnter(null, CancellationToken.None);
        TakeIn(greenlet);
    }

    /// <summary>Lets a greenlet go, which runs on; in a pool its place is free.</summary>
    /// <returns>Whether it was in the group.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="greenlet"/> is null.</exception>
    public bool Remove(Greenlet greenlet)
    {
        ArgumentNullException.ThrowIfNull(greenlet);
        var removed = TryForget(greenlet);
        if (removed)
            greenlet.RemoveContinuation(this);
        return removed;
    }

    /// <summary>Waits until the group is empty. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="throwOnError">Whether the first that fails meanwhile ends the wait, by its exception.</param>
    /// <param name="cancellationToken">Ends the wait, not the greenlets.</param>
    /// <returns>Whether it is empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="HubDeadlockException">The caller is in the group, or one was added that was never started.</exception>
    public bool Join(TimeSpan? timeout = null, bool throwOnError = false, CancellationToken cancellationToken = default)
    {
        var limit = LimitOf(timeout);
        while (ToArray() is { Length: > 0 } all)
        {
            if (!Forget(all, Greenlet.JoinAll(all, limit.Left, null, throwOnError, cancellationToken)))
                return false;
        }

        return true;
    }

    /// <summary>As <see cref="Join"/>, awaited.</summary>
    /// <inheritdoc cref="Join"/>
    public async Task<bool> JoinAsync(TimeSpan? timeout = null, bool throwOnError = false, CancellationToken cancellationToken = default)
    {
        var limit = LimitOf(timeout);
        while (ToArray() is { Length: > 0 } all)
        {
            if (!Forget(all, await Greenlet.JoinAllAsync(all, limit.Left, null, throwOnError, cancellationToken).ConfigureAwait(true)))
                return false;
        }

        return true;
    }

    /// <summary>Kills all of them, and those that they spawn in it meanwhile, and waits until they have ended. If the caller is one of them it is killed last.</summary>
    /// <param name="exception">What is thrown in them; null (the default): a <see cref="GreenletExitException"/>.</param>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: not at all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether all have ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative; nothing was killed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Kill(Exception? exception = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = LimitOf(timeout);
        while (SendKills(exception) is { Length: > 0 } all)
        {
            if (!Forget(all, Greenlet.JoinAll(all, limit.Left, cancellationToken: cancellationToken)))
                return false;
        }

        return KillSelf(exception);
    }

    /// <summary>As <see cref="Kill"/>, awaited.</summary>
    /// <inheritdoc cref="Kill"/>
    public async Task<bool> KillAsync(Exception? exception = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = LimitOf(timeout);
        while (SendKills(exception) is { Length: > 0 } all)
        {
            if (!Forget(all, await Greenlet.JoinAllAsync(all, limit.Left, cancellationToken: cancellationToken).ConfigureAwait(true)))
                return false;
        }

        return KillSelf(exception);
    }

    /// <summary>Its greenlets as they are now; changes meanwhile do not disturb the enumeration.</summary>
    public IEnumerator<Greenlet> GetEnumerator() => ((IEnumerable<Greenlet>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void IGreenletContinuation.OnEnded(Greenlet greenlet) => TryForget(greenlet);

    /// <summary>Takes a place for one more greenlet; false when none came free in time.</summary>
    private protected virtual bool TryEnter(TimeSpan? timeout, CancellationToken cancellationToken) => true;

    /// <summary>As <see cref="TryEnter"/>, awaited.</summary>
    private protected virtual ValueTask<bool> TryEnterAsync(TimeSpan? timeout, CancellationToken cancellationToken) => new(true);

    /// <summary>Gives a place back; any thread, must not block.</summary>
    private protected virtual void Leave()
    {
    }

    private static WaitTime LimitOf(TimeSpan? timeout)
    {
        _ = WaitLimit.IsZero(timeout);
        return WaitTime.Start(timeout);
    }

    private Greenlet[] ToArray()
    {
        _lock.Enter();
        Greenlet[] all = [.. _greenlets];
        _lock.Exit();
        return all;
    }

    private void TakeIn(Greenlet greenlet)
    {
        _lock.Enter();
        var added = _greenlets.Add(greenlet);
        Volatile.Write(ref _count, _greenlets.Count);
        _lock.Exit();
        if (!added)
            Leave();
        else if (!greenlet.TryAddObserver(this))
            TryForget(greenlet);
    }

    private bool TryForget(Greenlet greenlet)
    {
        _lock.Enter();
        var removed = _greenlets.Remove(greenlet);
        Volatile.Write(ref _count, _greenlets.Count);
        _lock.Exit();
        if (removed)
            Leave();
        return removed;
    }

    // They may have told the joiner of their end before they told the group.
    private bool Forget(Greenlet[] all, IReadOnlyList<Greenlet> ended)
    {
        foreach (var greenlet in ended)
            TryForget(greenlet);
        return ended.Count == all.Length;
    }

    private Greenlet[] SendKills(Exception? exception)
    {
        var others = Array.FindAll(ToArray(), static greenlet => greenlet != Greenlet.Current);
        foreach (var greenlet in others)
            greenlet.Kill(exception);
        return others;
    }

    private bool KillSelf(Exception? exception)
    {
        if (IsHere)
            Greenlet.Current!.Kill(exception);
        return true;
    }
}
