namespace GreenletBridge;

/// <content>Work that is not done yet, loops over all items, and the end.</content>
public partial class GreenletQueue<T>
{
    /// <summary>Says that an item that was taken is done, for <see cref="Join"/>. Never waits.</summary>
    /// <exception cref="InvalidOperationException">It was called more often than items were put.</exception>
    public void TaskDone() => _core.TaskDone();

    /// <summary>Waits until <see cref="TaskDone"/> was called for every item that was put. Cooperative on a greenlet; blocks any other thread.</summary>
    /// <param name="timeout">How long to wait; null (the default): without limit; zero: only a look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether all are done; false when the time was up first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="GreenletExitException">The greenlet that waits was killed.</exception>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var isLook = WaitLimit.IsLook(timeout, cancellationToken);
        return UnfinishedCount == 0 || (!isLook && WaitLimit.Block(_core.JoinSource, timeout, cancellationToken));
    }

    /// <summary>As <see cref="Join"/>, awaited.</summary>
    /// <inheritdoc cref="Join" path="/param|/returns|/exception"/>
    public ValueTask<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitLimit.Async(_core.JoinSource, UnfinishedCount == 0, timeout, cancellationToken);

    /// <summary>Takes no more items: who waits to put gets a <see cref="QueueShutDownException"/>, who takes gets what is left and then that. Never waits.</summary>
    /// <param name="immediate">Whether what is left is dropped, and counts as done.</param>
    public void Shutdown(bool immediate = false) => _core.Shutdown(immediate);

    /// <summary>Takes items, waiting for each, until the queue is shut down and empty.</summary>
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
