using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of <c>GetAwaiter().GetResult()</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AwaiterWaits
{
    /// <summary>As <see cref="TaskAwaiter.GetResult"/>.</summary>
    /// <param name="awaiter">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(TaskAwaiter), "GetResult")]
    public static void GetResult(ref TaskAwaiter awaiter, WovenStack stack)
    {
        if (awaiter.IsCompleted)
            awaiter.GetResult();
        else
            TaskWaits.Await(TaskOf(ref awaiter), stack);
    }

    /// <summary>As <see cref="TaskAwaiter{T}.GetResult"/>.</summary>
    /// <typeparam name="T">As there.</typeparam>
    /// <param name="awaiter">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(TaskAwaiter<>), "GetResult")]
    public static T GetResult<T>(ref TaskAwaiter<T> awaiter, WovenStack stack) =>
        awaiter.IsCompleted ? awaiter.GetResult() : TaskWaits.Await(Inner<T>.TaskOf(ref awaiter), stack);

    /// <summary>As <see cref="ConfiguredTaskAwaitable.ConfiguredTaskAwaiter.GetResult"/>.</summary>
    /// <param name="awaiter">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(ConfiguredTaskAwaitable.ConfiguredTaskAwaiter), "GetResult")]
    public static void GetResult(ref ConfiguredTaskAwaitable.ConfiguredTaskAwaiter awaiter, WovenStack stack)
    {
        // It may be told not to throw: what was waited for is asked itself.
        if (awaiter.IsCompleted || stack is not { CanSuspend: true })
            awaiter.GetResult();
        else
            stack.Suspend(new ConfiguredFrame(awaiter), new TaskSource(TaskOf(ref awaiter)));
    }

    /// <summary>As <see cref="ConfiguredTaskAwaitable{T}.ConfiguredTaskAwaiter.GetResult"/>.</summary>
    /// <typeparam name="T">As there.</typeparam>
    /// <param name="awaiter">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(ConfiguredTaskAwaitable<>.ConfiguredTaskAwaiter), "GetResult")]
    public static T GetResult<T>(ref ConfiguredTaskAwaitable<T>.ConfiguredTaskAwaiter awaiter, WovenStack stack) =>
        awaiter.IsCompleted ? awaiter.GetResult() : TaskWaits.Await(Inner<T>.TaskOf(ref awaiter), stack);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_task")]
    private static extern ref Task TaskOf(ref TaskAwaiter awaiter);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_task")]
    private static extern ref Task TaskOf(ref ConfiguredTaskAwaitable.ConfiguredTaskAwaiter awaiter);

    private sealed class ConfiguredFrame(ConfiguredTaskAwaitable.ConfiguredTaskAwaiter awaiter) : Frame
    {
        public override void Resume(WovenStack stack)
        {
            stack.TakeOutcome();
            awaiter.GetResult();
        }
    }

    // An accessor of a generic type's field has to be generic as the type is.
    private static class Inner<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_task")]
        internal static extern ref Task<T> TaskOf(ref TaskAwaiter<T> awaiter);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_task")]
        internal static extern ref Task<T> TaskOf(ref ConfiguredTaskAwaitable<T>.ConfiguredTaskAwaiter awaiter);
    }
}
