using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the waits of <see cref="Task"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TaskWaits
{
    /// <summary>As <see cref="Task.Wait()"/>.</summary>
    /// <param name="task">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.Wait))]
    public static void Wait(Task task, WovenStack stack)
    {
        if (MustWait(task, stack))
            stack.Suspend(new VoidTaskFrame(task, isWrapped: true), new TaskSource(task));
        else
            task.Wait();
    }

    /// <summary>As <see cref="Task.Wait(CancellationToken)"/>.</summary>
    /// <param name="task">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.Wait))]
    public static void Wait(Task task, CancellationToken cancellationToken, WovenStack stack)
    {
        if (MustWait(task, stack) && !cancellationToken.IsCancellationRequested)
            stack.Suspend(new TimedTaskFrame(task, cancellationToken), new TaskSource(task)).EndsBy(Timeout.InfiniteTimeSpan, isRealTime: true, cancellationToken);
        else
            task.Wait(cancellationToken);
    }

    /// <summary>As <see cref="Task.Wait(int)"/>.</summary>
    /// <param name="task">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.Wait))]
    public static bool Wait(Task task, int millisecondsTimeout, WovenStack stack) => Wait(task, millisecondsTimeout, CancellationToken.None, stack);

    /// <summary>As <see cref="Task.Wait(TimeSpan)"/>.</summary>
    /// <param name="task">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.Wait))]
    public static bool Wait(Task task, TimeSpan timeout, WovenStack stack) => Wait(task, timeout, CancellationToken.None, stack);

    /// <summary>As <see cref="Task.Wait(TimeSpan, CancellationToken)"/>.</summary>
    /// <param name="task">As there.</param>
    /// <param name="timeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.Wait))]
    public static bool Wait(Task task, TimeSpan timeout, CancellationToken cancellationToken, WovenStack stack)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        return milliseconds is < Timeout.Infinite or > int.MaxValue
            ? task.Wait(timeout, cancellationToken)
            : Wait(task, (int)milliseconds, cancellationToken, stack);
    }

    /// <summary>As <see cref="Task.Wait(int, CancellationToken)"/>.</summary>
    /// <param name="task">As there.</param>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task), nameof(Task.Wait))]
    public static bool Wait(Task task, int millisecondsTimeout, CancellationToken cancellationToken, WovenStack stack)
    {
        if (millisecondsTimeout is 0 or < Timeout.Infinite || cancellationToken.IsCancellationRequested || !MustWait(task, stack))
            return task.Wait(millisecondsTimeout, cancellationToken);
        stack.Suspend(new TimedTaskFrame(task, cancellationToken), new TaskSource(task))
            .EndsBy(TimeSpan.FromMilliseconds(millisecondsTimeout), isRealTime: true, cancellationToken);
        return false;
    }

    /// <summary>As <see cref="Task{T}.Result"/>.</summary>
    /// <typeparam name="T">As there.</typeparam>
    /// <param name="task">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Task<>), "get_Result")]
    public static T Result<T>(Task<T> task, WovenStack stack)
    {
        if (!MustWait(task, stack))
            return task.Result;
        stack.Suspend(new TaskFrame<T>(task, isWrapped: true), new TaskSource(task));
        return default!;
    }

    /// <summary>What <c>task.GetAwaiter().GetResult()</c> does; the call for a pair of a blocking method and an async one.</summary>
    /// <param name="task">What to wait for.</param>
    /// <param name="stack">The caller's.</param>
    public static void Await(Task task, WovenStack stack)
    {
        if (MustWait(task, stack))
            stack.Suspend(new VoidTaskFrame(task, isWrapped: false), new TaskSource(task));
        else
            task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Await(Task, WovenStack)"/>
    /// <typeparam name="T">Type of the value.</typeparam>
    public static T Await<T>(Task<T> task, WovenStack stack)
    {
        if (!MustWait(task, stack))
            return task.GetAwaiter().GetResult();
        stack.Suspend(new TaskFrame<T>(task, isWrapped: false), new TaskSource(task));
        return default!;
    }

    // A task that is not there throws in the runtime's own call, as it should.
    private static bool MustWait(Task task, WovenStack stack) => task is { IsCompleted: false } && stack.CanSuspend;
}
