namespace GreenletBridge;

/// <content>Putting and taking, awaited.</content>
internal sealed partial class QueueCore<T>
{
    /// <summary>Puts, or throws that the time was up.</summary>
    internal ValueTask PutAsync(T item, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsZero(timeout);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        try
        {
            if (BeginPut(item, isTry: false, isLook, timeout, cancellationToken, out var outcome) is { } waiter)
                return new ValueTask(waiter, 0);
            return WasPut(outcome) ? default : throw NotPut(timeout);
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Whether it was put in time.</summary>
    internal ValueTask<bool> TryPutAsync(T item, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsZero(timeout);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellationToken);
        try
        {
            return BeginPut(item, isTry: true, isLook, timeout, cancellationToken, out var outcome) is { } waiter
                ? new ValueTask<bool>(waiter, 0)
                : new ValueTask<bool>(WasPut(outcome));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    /// <summary>Takes, or looks at, an item, or throws that the time was up.</summary>
    internal ValueTask<T> GetAsync(bool isPeek, TimeSpan? timeout, CancellationToken cancellationToken) => TakeAsync(
        isPeek,
        static (core, wait, limit, token) => new GetWaiter<T>(core, wait, limit, token),
        static (core, outcome, item, limit) => core.Came(outcome, item, limit),
        timeout,
        cancellationToken);

    /// <summary>Whether an item was taken in time, and the item.</summary>
    internal ValueTask<(bool IsTaken, T? Item)> TryGetAsync(TimeSpan timeout, CancellationToken cancellationToken) => TakeAsync<(bool, T?)>(
        isPeek: false,
        static (core, wait, limit, token) => new TryGetWaiter<T>(core, wait, limit, token),
        static (_, outcome, item, _) => (outcome == WaitOutcome.Completed, item),
        timeout,
        cancellationToken);

    /// <summary>The end of an awaited wait to put.</summary>
    internal WaitOutcome EndOf(PutWait<T> wait, WaitOutcome outcome, CancellationToken cancellationToken) =>
        outcome == WaitOutcome.Again ? outcome : PutAfter(wait, outcome, cancellationToken);

    /// <summary>The end of an awaited wait to take.</summary>
    internal WaitOutcome EndOf(TakeWait<T> wait, WaitOutcome outcome, CancellationToken cancellationToken, out T item)
    {
        item = wait.IsPeek ? wait.Item : TakeFrom(wait);
        return Checked(outcome, cancellationToken);
    }

    private PutWaiter<T>? BeginPut(T item, bool isTry, bool isLook, TimeSpan? timeout, CancellationToken cancellationToken, out WaitOutcome outcome)
    {
        var time = default(WaitTime?);
        while (true)
        {
            outcome = TryPut(item);
            if (outcome == WaitOutcome.None && isLook)
                outcome = WaitOutcome.TimedOut;
            if (outcome != WaitOutcome.None)
                return null;
            var left = time?.Left ?? timeout;
            time ??= WaitTime.Start(timeout);
            var waiter = new PutWaiter<T>(this, new PutWait<T>(this, item), isTry, left, cancellationToken);
            waiter.Begin();
            if (waiter.Outcome != WaitOutcome.Again)
                return waiter;
        }
    }

    private ValueTask<TResult> TakeAsync<TResult>(
        bool isPeek,
        Func<QueueCore<T>, TakeWait<T>, TimeSpan?, CancellationToken, AwaitedWaiter<TResult>> newWaiter,
        Func<QueueCore<T>, WaitOutcome, T, TimeSpan?, TResult> resultOf,
        TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var isLook = WaitLimit.IsZero(timeout);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<TResult>(cancellationToken);
        try
        {
            var time = default(WaitTime?);
            while (true)
            {
                T item;
                var outcome = isPeek ? TryPeek(out item) : TryTake(out item);
                if (outcome == WaitOutcome.None && isLook)
                    outcome = WaitOutcome.TimedOut;
                if (outcome != WaitOutcome.None)
                    return new ValueTask<TResult>(resultOf(this, outcome, item, timeout));
                var left = time?.Left ?? timeout;
                time ??= WaitTime.Start(timeout);
                var waiter = newWaiter(this, isPeek ? new TakeWait<T>(this, isPeek) : NewTake(), left, cancellationToken);
                var task = waiter.Start();
                if (waiter.Outcome != WaitOutcome.Again)
                    return task;
            }
        }
        catch (Exception e)
        {
            return ValueTask.FromException<TResult>(e);
        }
    }
}
