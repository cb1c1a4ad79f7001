using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls around the async form of a blocking call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CallWaits
{
    /// <summary>Whether the async form is to be called; if not, the blocking one.</summary>
    /// <param name="stack">The caller's.</param>
    public static bool MayWait(WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return stack.CanSuspend;
    }

    /// <summary>The token that goes to the async form: a kill cancels it.</summary>
    /// <param name="stack">The caller's.</param>
    public static CancellationToken Begin(WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return stack.BeginCall();
    }

    /// <summary>A value task as a Task.</summary>
    /// <param name="task">Not used afterwards.</param>
    public static Task AsTask(ValueTask task) => task.AsTask();

    /// <inheritdoc cref="AsTask(ValueTask)"/>
    /// <typeparam name="T">Type of the value.</typeparam>
    public static Task<T> AsTask<T>(ValueTask<T> task) => task.AsTask();

    /// <summary>Waits for the async form of a call. A kill cancels the call, and is thrown when the call has ended: what it uses is free then.</summary>
    /// <param name="task">The call.</param>
    /// <param name="stack">The caller's.</param>
    public static void Await(Task task, WovenStack stack)
    {
        var call = Take(stack);
        if (MustWait(task, stack))
            stack.Suspend(new CallFrame(task, call), new TaskSource(task));
        else
            task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Await(Task, WovenStack)"/>
    /// <typeparam name="T">Type of the value.</typeparam>
    public static T Await<T>(Task<T> task, WovenStack stack)
    {
        var call = Take(stack);
        if (!MustWait(task, stack))
            return task.GetAwaiter().GetResult();
        stack.Suspend(new CallFrame<T>(task, call), new TaskSource(task));
        return default!;
    }

    /// <summary>Waits for the async form of one of this library's own waits, which a kill reaches itself.</summary>
    /// <param name="task">The wait.</param>
    /// <param name="stack">The caller's.</param>
    public static void AwaitOwn(Task task, WovenStack stack)
    {
        if (MustWait(task, stack))
            stack.Suspend(new VoidTaskFrame(task, isWrapped: false), new TaskSource(task), isOfAnother: true);
        else
            task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="AwaitOwn(Task, WovenStack)"/>
    /// <typeparam name="T">Type of the value.</typeparam>
    public static T AwaitOwn<T>(Task<T> task, WovenStack stack)
    {
        if (!MustWait(task, stack))
            return task.GetAwaiter().GetResult();
        stack.Suspend(new TaskFrame<T>(task, isWrapped: false), new TaskSource(task), isOfAnother: true);
        return default!;
    }

    private static CancellationTokenSource? Take(WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return stack.TakeCall();
    }

    private static bool MustWait(Task task, WovenStack stack) => task is { IsCompleted: false } && stack.CanSuspend;
}
