namespace GreenletBridge;

/// <content>Making greenlets in it.</content>
public partial class GreenletGroup
{
    /// <summary>Makes a greenlet of blocking code in the group and starts it. A pool that is full makes the caller wait for a place: cooperatively on a greenlet, blocking elsewhere.</summary>
    /// <param name="body">What it runs; it may block as it likes.</param>
    /// <param name="cancellationToken">Ends the wait for a place.</param>
    /// <returns>The greenlet.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="HubStoppedException">The hub takes no more work.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Greenlet Spawn(Action body, CancellationToken cancellationToken = default) => Begin(Hub.Create(body), cancellationToken);

    /// <inheritdoc cref="Spawn(Action, CancellationToken)"/>
    public Greenlet<T> Spawn<T>(Func<T> body, CancellationToken cancellationToken = default) => Begin(Hub.Create(body), cancellationToken);

    /// <summary>Makes a greenlet of async code in the group and starts it. A pool that is full makes the caller wait for a place.</summary>
    /// <inheritdoc cref="Spawn(Action, CancellationToken)" path="/param|/returns|/exception"/>
    public Greenlet Spawn(Func<Task> body, CancellationToken cancellationToken = default) => Begin(Hub.Create(body), cancellationToken);

    /// <inheritdoc cref="Spawn(Func{Task}, CancellationToken)"/>
    public Greenlet<T> Spawn<T>(Func<Task<T>> body, CancellationToken cancellationToken = default) => Begin(Hub.Create(body), cancellationToken);

    /// <summary>Runs blocking code in a greenlet of the group and waits for it; called on one of the group's own greenlets it runs inline, so a full pool cannot deadlock.</summary>
    /// <param name="body">The code. A caller that is killed takes it with it.</param>
    /// <param name="cancellationToken">Ends the wait for a place.</param>
    /// <inheritdoc cref="Spawn(Action, CancellationToken)" path="/exception"/>
    /// <exception cref="Exception">Whatever the code failed with.</exception>
    public void Apply(Action body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        Apply(
            () =>
            {
                body();
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="Apply(Action, CancellationToken)"/>
    /// <returns>The code's value.</returns>
    public T Apply<T>(Func<T> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (IsHere)
            return body();
        var greenlet = Spawn(body, cancellationToken);
        greenlet.GetOrKill();
        return greenlet.ResultOrThrow();
    }

    /// <summary>As <see cref="Apply(Action, CancellationToken)"/>, for async code, awaited.</summary>
    /// <inheritdoc cref="Apply(Action, CancellationToken)"/>
    public Task ApplyAsync(Func<Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return ApplyAsync(
            async () =>
            {
                await body().ConfigureAwait(true);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="ApplyAsync(Func{Task}, CancellationToken)"/>
    /// <returns>The code's value.</returns>
    public async Task<T> ApplyAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (IsHere)
            return await body().ConfigureAwait(true);
        var greenlet = await BeginAsync(Hub.Create(body), cancellationToken).ConfigureAwait(true);
        try
        {
            return await greenlet;
        }
        catch
        {
            // Whoever waits was killed: the work is for nobody.
            greenlet.Kill();
            throw;
        }
    }

    /// <summary>Starts a greenlet that was made for the group, when there is a place.</summary>
    internal TGreenlet Begin<TGreenlet>(TGreenlet greenlet, CancellationToken cancellationToken)
        where TGreenlet : Greenlet
    {
        TryEnter(null, cancellationToken);
        return Begun(greenlet);
    }

    /// <inheritdoc cref="Begin{TGreenlet}(TGreenlet, CancellationToken)"/>
    internal async Task<TGreenlet> BeginAsync<TGreenlet>(TGreenlet greenlet, CancellationToken cancellationToken)
        where TGreenlet : Greenlet
    {
        await TryEnterAsync(null, cancellationToken).ConfigureAwait(true);
        return Begun(greenlet);
    }

    /// <summary>As <see cref="Begin{TGreenlet}(TGreenlet, CancellationToken)"/>; null when there is no place in time.</summary>
    internal TGreenlet? TryBegin<TGreenlet>(TGreenlet greenlet, TimeSpan timeout = default, CancellationToken cancellationToken = default)
        where TGreenlet : Greenlet => TryEnter(timeout, cancellationToken) ? Begun(greenlet) : null;

    /// <inheritdoc cref="TryBegin{TGreenlet}(TGreenlet, TimeSpan, CancellationToken)"/>
    internal async Task<TGreenlet?> TryBeginAsync<TGreenlet>(TGreenlet greenlet, TimeSpan timeout, CancellationToken cancellationToken)
        where TGreenlet : Greenlet => await TryEnterAsync(timeout, cancellationToken).ConfigureAwait(true) ? Begun(greenlet) : null;

    private TGreenlet Begun<TGreenlet>(TGreenlet greenlet)
        where TGreenlet : Greenlet
    {
        TakeIn(greenlet);
        try
        {
            greenlet.Start();
        }
        catch
        {
            // The hub takes no more work: the place is free again.
            Remove(greenlet);
            throw;
        }

        return greenlet;
    }
}
