using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge;

/// <summary>Hands items over from one to another: who puts waits until somebody takes, and the other way round.</summary>
/// <remarks>
/// It holds nothing. Both sides are served first come first served; one that is killed, cancelled or timed out has given or taken
/// nothing. Any thread may call any member; waits work across hubs. <c>foreach</c> and <c>await foreach</c> take until it is shut down.
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
/// <example><code>
/// var answers = new GreenletChannel&lt;string&gt;();
/// hub.Spawn(() => answers.Put(Ask()));               // waits until it is taken
/// Console.WriteLine(answers.Get());
/// </code></example>
public sealed class GreenletChannel<T> : IAsyncEnumerable<T>
{
    private readonly QueueCore<T> _core = new(new FirstInStore<T>(), capacity: 0);

    /// <summary>Those who wait to put less those who wait to take: positive when takers are missing, negative when putters are.</summary>
    public int Balance => _core.Balance;

    /// <summary>Whether it was shut down.</summary>
    public bool IsShutDown => _core.IsShut;

    /// <summary>Hands an item over, waiting for somebody to take it. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    /// <exception cref="QueueShutDownException">The channel is, or was meanwhile, shut down.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public void Put(T item, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (!_core.WasPut(_core.Put(item, timeout, cancellationToken)))
            throw _core.NotPut(timeout);
    }

    /// <summary>As <see cref="Put"/>, awaited.</summary>
    /// <inheritdoc cref="Put" path="/param|/exception"/>
    public ValueTask PutAsync(T item, TimeSpan? timeout = null, CancellationToken cancellationToken = default) => _core.PutAsync(item, timeout, cancellationToken);

    /// <summary>Hands an item over, if somebody waits for it or comes in time. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait; zero (the default): only a look; <see cref="Timeout.InfiniteTimeSpan"/>: without limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was taken.</returns>
    /// <inheritdoc cref="Put" path="/exception[not(contains(@cref, 'Timeout'))]"/>
    public bool TryPut(T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        _core.WasPut(_core.Put(item, timeout, cancellationToken));

    /// <summary>As <see cref="TryPut"/>, awaited.</summary>
    /// <inheritdoc cref="TryPut" path="/param|/returns|/exception"/>
    public ValueTask<bool> TryPutAsync(T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        _core.TryPutAsync(item, timeout, cancellationToken);

    /// <summary>Takes an item, waiting for somebody to put one. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The item.</returns>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    /// <exception cref="QueueShutDownException">The channel is, or was meanwhile, shut down.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _core.Came(_core.Take(out var item, timeout, cancellationToken), item, timeout);

    /// <summary>As <see cref="Get"/>, awaited.</summary>
    /// <inheritdoc cref="Get" path="/param|/returns|/exception"/>
    public ValueTask<T> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _core.GetAsync(isPeek: false, timeout, cancellationToken);

    /// <summary>Takes an item, if somebody waits to put one or comes in time. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="item">The item; the default of its type when none was taken.</param>
    /// <param name="timeout">How long to wait; zero (the default): only a look; <see cref="Timeout.InfiniteTimeSpan"/>: without limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether one was taken; false also when the channel is shut down.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public bool TryGet([MaybeNullWhen(false)] out T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        _core.Take(out item, timeout, cancellationToken) == WaitOutcome.Completed;

    /// <summary>As <see cref="TryGet"/>, awaited.</summary>
    /// <returns>Whether one was taken, and the item.</returns>
    /// <inheritdoc cref="TryGet" path="/param[@name != 'item']|/exception"/>
    public ValueTask<(bool IsTaken, T? Item)> TryGetAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        _core.TryGetAsync(timeout, cancellationToken);

    /// <summary>Hands nothing over any more: who waits, on either side, gets a <see cref="QueueShutDownException"/>. Never waits.</summary>
    public void Shutdown() => _core.Shutdown(immediate: false);

    /// <summary>Takes items, waiting for each, until the channel is shut down.</summary>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public IEnumerator<T> GetEnumerator()
    {
        while (_core.Take(out var item, null, CancellationToken.None) == WaitOutcome.Completed)
            yield return item;
    }

    /// <summary>As <see cref="GetEnumerator"/>, awaited.</summary>
    /// <param name="cancellationToken">Ends the wait for the next item.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await _core.TryGetAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(true) is { IsTaken: true } taken)
            yield return taken.Item!;
    }
}
