namespace GreenletBridge;

/// <content>What comes of an outcome, in the words of a queue or of a channel.</content>
internal sealed partial class QueueCore<T>
{
    private bool IsChannel => capacity == 0;

    /// <exception cref="QueueShutDownException">It was shut down.</exception>
    internal bool WasPut(WaitOutcome outcome) => outcome == WaitOutcome.Closed
        ? throw new QueueShutDownException(IsChannel ? "The channel was shut down: it hands nothing over." : "The queue was shut down: it takes no more items.")
        : outcome == WaitOutcome.Completed;

    internal TimeoutException NotPut(TimeSpan? timeout) =>
        new(IsChannel ? $"Nobody took the item within {timeout}." : $"The queue of {capacity} was full for {timeout}.");

    /// <exception cref="QueueShutDownException">It was shut down.</exception>
    /// <exception cref="TimeoutException">The time was up first.</exception>
    internal T Came(WaitOutcome outcome, T item, TimeSpan? timeout) => outcome switch
    {
        WaitOutcome.Completed => item,
        WaitOutcome.Closed => throw new QueueShutDownException(IsChannel ? "The channel was shut down." : "The queue was shut down and has no more items."),
        _ => throw new TimeoutException(IsChannel ? $"Nobody put an item within {timeout}." : $"No item came within {timeout}."),
    };
}
