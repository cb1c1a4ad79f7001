namespace GreenletBridge;

/// <summary>What the blocking members have in common: their arguments, and what comes of a wait's end.</summary>
internal static class WaitLimit
{
    /// <summary>Checks the arguments of a wait. Whether it is only a look.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not infinite.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    internal static bool IsLook(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = IsZero(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return isLook;
    }

    /// <summary>As the other, for who answers a cancelled token by a cancelled Task.</summary>
    internal static bool IsZero(TimeSpan? timeout)
    {
        if (timeout is not { } limit || limit == Timeout.InfiniteTimeSpan)
            return false;
        if (limit < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(timeout), limit, "A wait cannot last less than no time. Give zero for only a look, null or Timeout.InfiniteTimeSpan for no limit.");
        }

        return limit == TimeSpan.Zero;
    }

    /// <summary>Whether nothing but what is waited for, or a kill, ends the wait.</summary>
    internal static bool IsNone(TimeSpan? timeout, CancellationToken cancellationToken) =>
        (timeout is not { } limit || limit == Timeout.InfiniteTimeSpan) && !cancellationToken.CanBeCanceled;

    /// <summary>Whether what was waited for has come.</summary>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    internal static bool Came(WaitOutcome outcome, CancellationToken cancellationToken) =>
        outcome == WaitOutcome.Canceled ? throw new OperationCanceledException(cancellationToken) : outcome == WaitOutcome.Completed;

    /// <summary>Blocks until the source has come; false when the time was up first.</summary>
    internal static bool Block(IWaitSource source, TimeSpan? timeout, CancellationToken cancellationToken) =>
        Came(Waits.Block(source, timeout, cancellationToken), cancellationToken);

    /// <summary>As <see cref="Block"/>, awaited, with all checks.</summary>
    internal static ValueTask<bool> Async(IWaitSource source, bool hasCome, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = IsZero(timeout);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellationToken);
        return hasCome || isLook ? new ValueTask<bool>(hasCome) : new ArrivalWaiter(source, timeout, cancellationToken).Start();
    }
}
