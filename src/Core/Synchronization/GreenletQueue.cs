using System.Diagnostics.CodeAnalysis;

namespace GreenletBridge;

/// <summary>A queue between greenlets and threads: first in, first out; bounded or not.</summary>
/// <remarks>
/// <para>Who takes from an empty queue waits, and so does who puts into a full one; both are served first come first served. One that is
/// killed, cancelled or timed out has put or taken nothing. Any thread may call any member; waits work across hubs.</para>
/// <para><c>foreach</c> and <c>await foreach</c> take items until the queue is shut down and empty; several may take from the same
/// queue, and one that is left early takes nothing more.</para>
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
/// <example><code>
/// var jobs = new GreenletQueue&lt;Job&gt;(capacity: 100);
/// for (var i = 0; i &lt; 4; i++)
///     hub.Spawn(() => { foreach (var job in jobs) { Run(job); jobs.TaskDone(); } });
/// jobs.Put(job);                                     // or: await jobs.PutAsync(job)
/// jobs.Join();                                       // until all are done
/// jobs.Shutdown();                                   // ends the loops
/// </code></example>
public partial class GreenletQueue<T> : IAsyncEnumerable<T>
{
    private readonly QueueCore<T> _core;

    /// <summary>Creates a queue.</summary>
    /// <param name="capacity">Items it holds at most, at least 1; null (the default): any number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public GreenletQueue(int? capacity = null)
        : this(capacity, new FirstInStore<T>())
    {
    }

    private protected GreenletQueue(int? capacity, ItemStore<T> store)
    {
        if (capacity < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, $"A queue holds at least one item. Give null for any number; to hand items over without a place for them use {nameof(GreenletChannel<>)}<T>.");
        }

        Capacity = capacity;
        _core = new QueueCore<T>(store, capacity ?? int.MaxValue);
    }

    /// <summary>Items it holds at most; null: any number.</summary>
    public int? Capacity { get; }

    /// <summary>Items that are there to be taken.</summary>
    public int Count => _core.Count;

    /// <summary>Whether nothing is there to be taken.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Whether who puts has to wait.</summary>
    public bool IsFull => Count >= (Capacity ?? int.MaxValue);

    /// <summary>Whether it was shut down.</summary>
    public bool IsShutDown => _core.IsShut;

    /// <summary>Items that were put and for which <see cref="TaskDone"/> was not called yet.</summary>
    public long UnfinishedCount => _core.Unfinished;

    /// <summary>Puts an item, waiting for room if need be. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    /// <exception cref="QueueShutDownException">The queue is, or was meanwhile, shut down.</exception>
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

    /// <summary>Puts an item, if there is room or room comes in time. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait; zero (the default): only a look; <see cref="Timeout.InfiniteTimeSpan"/>: without limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was put.</returns>
    /// <inheritdoc cref="Put" path="/exception[not(contains(@cref, 'Timeout'))]"/>
    public bool TryPut(T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        _core.WasPut(_core.Put(item, timeout, cancellationToken));

    /// <summary>As <see cref="TryPut"/>, awaited.</summary>
    /// <inheritdoc cref="TryPut" path="/param|/returns|/exception"/>
    public ValueTask<bool> TryPutAsync(T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        _core.TryPutAsync(item, timeout, cancellationToken);

    /// <summary>Takes the next item, waiting for one if need be. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The item.</returns>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    /// <exception cref="QueueShutDownException">The queue is, or was meanwhile, shut down and has no more items.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _core.Came(_core.Take(out var item, timeout, cancellationToken), item, timeout);

    /// <summary>As <see cref="Get"/>, awaited.</summary>
    /// <inheritdoc cref="Get" path="/param|/returns|/exception"/>
    public ValueTask<T> GetAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _core.GetAsync(isPeek: false, timeout, cancellationToken);

    /// <summary>Takes the next item, if there is one or one comes in time. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="item">The item; the default of its type when none was taken.</param>
    /// <param name="timeout">How long to wait; zero (the default): only a look; <see cref="Timeout.InfiniteTimeSpan"/>: without limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether one was taken; false also when the queue is shut down and empty.</returns>
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

    /// <summary>The next item, waiting for one if need be; it stays in the queue. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <inheritdoc cref="Get" path="/param|/returns|/exception"/>
    public T Peek(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _core.Came(_core.Peek(out var item, timeout, cancellationToken), item, timeout);

    /// <summary>As <see cref="Peek"/>, awaited.</summary>
    /// <inheritdoc cref="Peek" path="/param|/returns|/exception"/>
    public ValueTask<T> PeekAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _core.GetAsync(isPeek: true, timeout, cancellationToken);

    /// <summary>The next item, if there is one; it stays in the queue. Never waits.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out T item) => _core.TryPeek(out item) == WaitOutcome.Completed;
}
