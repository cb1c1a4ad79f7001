using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the waits for several Tasks.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SeveralTasksWaits
{
    /// <summary>As <see cref="Task.WaitAll(Task[])"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAll))]
    public static void WaitAll(Task[] tasks, WovenStack stack)
    {
        if (MustWaitForAll(tasks, Timeout.Infinite, CancellationToken.None, stack))
            SuspendForAll(tasks, Timeout.Infinite, CancellationToken.None, hasValue: false, stack);
        else
            Task.WaitAll(tasks);
    }

    /// <summary>As <see cref="Task.WaitAll(ReadOnlySpan{Task})"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAll))]
    public static void WaitAll(ReadOnlySpan<Task> tasks, WovenStack stack)
    {
        // The span may lie on the thread's stack
        if (MustWaitForAll(tasks, Timeout.Infinite, CancellationToken.None, stack))
            SuspendForAll(tasks.ToArray(), Timeout.Infinite, CancellationToken.None, hasValue: false, stack);
        else
            Task.WaitAll(tasks);
    }

    /// <summary>As <see cref="Task.WaitAll(IEnumerable{Task}, CancellationToken)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAll))]
    public static void WaitAll(IEnumerable<Task> tasks, CancellationToken cancellationToken, WovenStack stack)
    {
        // Enumerated once, as there
        Task[]? copy = tasks is null ? null : [.. tasks];
        if (MustWaitForAll(copy, Timeout.Infinite, cancellationToken, stack))
            SuspendForAll(copy!, Timeout.Infinite, cancellationToken, hasValue: false, stack);
        else
            Task.WaitAll((IEnumerable<Task>)copy!, cancellationToken);
    }

    /// <summary>As <see cref="Task.WaitAll(Task[], CancellationToken)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAll))]
    public static void WaitAll(Task[] tasks, CancellationToken cancellationToken, WovenStack stack)
    {
        if (MustWaitForAll(tasks, Timeout.Infinite, cancellationToken, stack))
            SuspendForAll(tasks, Timeout.Infinite, cancellationToken, hasValue: false, stack);
        else
            Task.WaitAll(tasks, cancellationToken);
    }

    /// <summary>As <see cref="Task.WaitAll(Task[], int)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAll))]
    public static bool WaitAll(Task[] tasks, int millisecondsTimeout, WovenStack stack) => WaitAll(tasks, millisecondsTimeout, CancellationToken.None, stack);

    /// <summary>As <see cref="Task.WaitAll(Task[], TimeSpan)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAll))]
    public static bool WaitAll(Task[] tasks, TimeSpan timeout, WovenStack stack)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        return milliseconds is >= Timeout.Infinite and <= int.MaxValue ? WaitAll(tasks, (int)milliseconds, CancellationToken.None, stack) : Task.WaitAll(tasks, timeout);
    }

    /// <summary>As <see cref="Task.WaitAll(Task[], int, CancellationToken)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAll))]
    public static bool WaitAll(Task[] tasks, int millisecondsTimeout, CancellationToken cancellationToken, WovenStack stack)
    {
        if (!MustWaitForAll(tasks, millisecondsTimeout, cancellationToken, stack))
            return Task.WaitAll(tasks, millisecondsTimeout, cancellationToken);
        SuspendForAll(tasks, millisecondsTimeout, cancellationToken, hasValue: true, stack);
        return false;
    }

    /// <summary>As <see cref="Task.WaitAny(Task[])"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAny))]
    public static int WaitAny(Task[] tasks, WovenStack stack) => WaitAny(tasks, Timeout.Infinite, CancellationToken.None, stack);

    /// <summary>As <see cref="Task.WaitAny(Task[], CancellationToken)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAny))]
    public static int WaitAny(Task[] tasks, CancellationToken cancellationToken, WovenStack stack) => WaitAny(tasks, Timeout.Infinite, cancellationToken, stack);

    /// <summary>As <see cref="Task.WaitAny(Task[], int)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAny))]
    public static int WaitAny(Task[] tasks, int millisecondsTimeout, WovenStack stack) => WaitAny(tasks, millisecondsTimeout, CancellationToken.None, stack);

    /// <summary>As <see cref="Task.WaitAny(Task[], TimeSpan)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAny))]
    public static int WaitAny(Task[] tasks, TimeSpan timeout, WovenStack stack)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        return milliseconds is >= Timeout.Infinite and <= int.MaxValue ? WaitAny(tasks, (int)milliseconds, CancellationToken.None, stack) : Task.WaitAny(tasks, timeout);
    }

    /// <summary>As <see cref="Task.WaitAny(Task[], int, CancellationToken)"/>.</summary>
    /// <param name="tasks">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.WaitAny))]
    public static int WaitAny(Task[] tasks, int millisecondsTimeout, CancellationToken cancellationToken, WovenStack stack)
    {
        if (tasks is null or [] || Array.Exists(tasks, static t => t is null or { IsCompleted: true }) || !MayWait(millisecondsTimeout, cancellationToken, stack))
            return Task.WaitAny(tasks!, millisecondsTimeout, cancellationToken);
        var any = Task.WhenAny(tasks);
        stack.Suspend(new AnyFrame(tasks, any, cancellationToken), new TaskSource(any)).EndsBy(TimeSpan.FromMilliseconds(millisecondsTimeout), isRealTime: true, cancellationToken);
        return 0;
    }

    private static bool MustWaitForAll(ReadOnlySpan<Task> tasks, int milliseconds, CancellationToken token, WovenStack stack)
    {
        if (!MayWait(milliseconds, token, stack))
            return false;
        var mustWait = false;
        foreach (var task in tasks)
        {
            // One that is not there throws in the runtime's own call, as it should
            if (task is null)
                return false;
            mustWait |= !task.IsCompleted;
        }

        return mustWait;
    }

    private static bool MayWait(int milliseconds, CancellationToken token, WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return milliseconds is not 0 and >= Timeout.Infinite && !token.IsCancellationRequested && stack.CanSuspend;
    }

    private static void SuspendForAll(Task[] tasks, int milliseconds, CancellationToken token, bool hasValue, WovenStack stack)
    {
        // Of WhenAll the errors would be nobody's
        var all = Task.Factory.ContinueWhenAll(tasks, static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        stack.Suspend(new AllFrame(tasks, token, hasValue), new TaskSource(all)).EndsBy(TimeSpan.FromMilliseconds(milliseconds), isRealTime: true, token);
    }

    private sealed class AllFrame(Task[] tasks, CancellationToken token, bool hasValue) : Frame
    {
        public override void Resume(WovenStack stack)
        {
            var outcome = stack.TakeOutcome();
            if (outcome == WaitOutcome.Canceled)
                throw new OperationCanceledException(token);
            if (outcome == WaitOutcome.Completed)
                Task.WaitAll(tasks);
            if (hasValue)
                stack.Return(outcome == WaitOutcome.Completed);
        }
    }

    private sealed class AnyFrame(Task[] tasks, Task<Task> any, CancellationToken token) : Frame
    {
        public override void Resume(WovenStack stack)
        {
            var outcome = stack.TakeOutcome();
            if (outcome == WaitOutcome.Canceled)
                throw new OperationCanceledException(token);
            stack.Return(outcome == WaitOutcome.Completed ? Array.IndexOf(tasks, any.Result) : -1);
        }
    }
}
