using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the waits of <see cref="Thread"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ThreadWaits
{
    private static readonly TurnSource _yielded = TurnSource.Of(new Cell<bool>(true));

    /// <summary>As <see cref="Thread.Sleep(int)"/>.</summary>
    /// <param name="millisecondsTimeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Thread), nameof(Thread.Sleep))]
    public static void Sleep(int millisecondsTimeout, WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (millisecondsTimeout < Timeout.Infinite || !stack.CanSuspend)
            Thread.Sleep(millisecondsTimeout);
        else if (millisecondsTimeout == 0)
            stack.Suspend(null, TurnSource.Plain);
        else
            stack.Suspend(null, null).EndsBy(TimeSpan.FromMilliseconds(millisecondsTimeout), isRealTime: true);
    }

    /// <summary>As <see cref="Thread.Sleep(TimeSpan)"/>.</summary>
    /// <param name="timeout">As there.</param>
    /// <param name="stack">The caller's.</param>
    [Replaces(typeof(Thread), nameof(Thread.Sleep))]
    public static void Sleep(TimeSpan timeout, WovenStack stack)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        if (milliseconds is < Timeout.Infinite or > int.MaxValue)
            Thread.Sleep(timeout);
        else
            Sleep((int)milliseconds, stack);
    }

    /// <summary>As <see cref="Thread.Yield"/>: every greenlet that is ready runs first.</summary>
    /// <param name="stack">The caller's.</param>
    /// <returns>True: others had their turn.</returns>
    [Replaces(typeof(Thread), nameof(Thread.Yield))]
    public static bool Yield(WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (!stack.CanSuspend)
            return Thread.Yield();
        stack.Suspend(null, _yielded);
        return true;
    }
}
