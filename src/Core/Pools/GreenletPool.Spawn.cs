namespace GreenletBridge;

/// <content>Making greenlets in it when there is a place.</content>
public sealed partial class GreenletPool
{
    /// <summary>As <see cref="GreenletGroup.Spawn(Action, CancellationToken)"/>; the wait for a place is awaited.</summary>
    /// <inheritdoc cref="GreenletGroup.Spawn(Action, CancellationToken)" path="/param|/returns|/exception"/>
    public Task<Greenlet> SpawnAsync(Action body, CancellationToken cancellationToken = default) => BeginAsync(Hub.Create(body), cancellationToken);

    /// <inheritdoc cref="SpawnAsync(Action, CancellationToken)"/>
    public Task<Greenlet<T>> SpawnAsync<T>(Func<T> body, CancellationToken cancellationToken = default) => BeginAsync(Hub.Create(body), cancellationToken);

    /// <inheritdoc cref="SpawnAsync(Action, CancellationToken)"/>
    public Task<Greenlet> SpawnAsync(Func<Task> body, CancellationToken cancellationToken = default) => BeginAsync(Hub.Create(body), cancellationToken);

    /// <inheritdoc cref="SpawnAsync(Action, CancellationToken)"/>
    public Task<Greenlet<T>> SpawnAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken = default) => BeginAsync(Hub.Create(body), cancellationToken);

    /// <summary>Makes a greenlet of blocking code in the pool and starts it, if a place is free or comes free in time. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="body">What it runs.</param>
    /// <param name="timeout">How long to wait for a place; zero (the default): only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The greenlet; null when there was no place.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="HubStoppedException">The hub takes no more work.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Greenlet? TrySpawn(Action body, TimeSpan timeout = default, CancellationToken cancellationToken = default) => TryBegin(Hub.Create(body), timeout, cancellationToken);

    /// <inheritdoc cref="TrySpawn(Action, TimeSpan, CancellationToken)"/>
    public Greenlet<T>? TrySpawn<T>(Func<T> body, TimeSpan timeout = default, CancellationToken cancellationToken = default) => TryBegin(Hub.Create(body), timeout, cancellationToken);

    /// <inheritdoc cref="TrySpawn(Action, TimeSpan, CancellationToken)"/>
    public Greenlet? TrySpawn(Func<Task> body, TimeSpan timeout = default, CancellationToken cancellationToken = default) => TryBegin(Hub.Create(body), timeout, cancellationToken);

    /// <inheritdoc cref="TrySpawn(Action, TimeSpan, CancellationToken)"/>
    public Greenlet<T>? TrySpawn<T>(Func<Task<T>> body, TimeSpan timeout = default, CancellationToken cancellationToken = default) => TryBegin(Hub.Create(body), timeout, cancellationToken);

    /// <summary>As <see cref="TrySpawn(Action, TimeSpan, CancellationToken)"/>, awaited.</summary>
    /// <inheritdoc cref="TrySpawn(Action, TimeSpan, CancellationToken)" path="/param|/returns|/exception"/>
    public Task<Greenlet?> TrySpawnAsync(Action body, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        TryBeginAsync(Hub.Create(body), timeout, cancellationToken);

    /// <inheritdoc cref="TrySpawnAsync(Action, TimeSpan, CancellationToken)"/>
    public Task<Greenlet<T>?> TrySpawnAsync<T>(Func<T> body, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        TryBeginAsync(Hub.Create(body), timeout, cancellationToken);

    /// <inheritdoc cref="TrySpawnAsync(Action, TimeSpan, CancellationToken)"/>
    public Task<Greenlet?> TrySpawnAsync(Func<Task> body, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        TryBeginAsync(Hub.Create(body), timeout, cancellationToken);

    /// <inheritdoc cref="TrySpawnAsync(Action, TimeSpan, CancellationToken)"/>
    public Task<Greenlet<T>?> TrySpawnAsync<T>(Func<Task<T>> body, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        TryBeginAsync(Hub.Create(body), timeout, cancellationToken);
}
