using System.ComponentModel;

namespace GreenletBridge.FastMode;

/// <summary>What woven code calls in place of the waits of <see cref="Greenlet"/> that have no async form of the same shape.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class OwnWaits
{
    /// <summary>As <see cref="Greenlet.Sleep(TimeSpan)"/>.</summary>
    [Replaces(typeof(Greenlet), nameof(Greenlet.Sleep))]
    public static void Sleep(TimeSpan time, WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (!stack.CanSuspend)
            Greenlet.Sleep(time);
        else if (time <= TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            Yield(stack);
        else
            stack.Suspend(null, null).EndsBy(time, isRealTime: false);
    }

    /// <summary>As <see cref="Greenlet.Sleep(int)"/>.</summary>
    [Replaces(typeof(Greenlet), nameof(Greenlet.Sleep))]
    public static void Sleep(int milliseconds, WovenStack stack) => Sleep(TimeSpan.FromMilliseconds(milliseconds), stack);

    /// <summary>As <see cref="Greenlet.Yield"/>.</summary>
    [Replaces(typeof(Greenlet), nameof(Greenlet.Yield))]
    public static void Yield(WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (stack.CanSuspend)
            stack.Suspend(null, TurnSource.Plain);
        else
            Greenlet.Yield();
    }

    /// <summary>As <see cref="Greenlet.Await(Task)"/>.</summary>
    [Replaces(typeof(Greenlet), nameof(Greenlet.Await))]
    public static void Await(Task task, WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(task);
        TaskWaits.Await(task, stack);
    }

    /// <summary>As <see cref="Greenlet.Await{T}(Task{T})"/>.</summary>
    [Replaces(typeof(Greenlet), nameof(Greenlet.Await))]
    public static T Await<T>(Task<T> task, WovenStack stack)
    {
        ArgumentNullException.ThrowIfNull(task);
        return TaskWaits.Await(task, stack);
    }

    /// <summary>As <see cref="Greenlet.Get(TimeSpan?, CancellationToken)"/>.</summary>
    [Replaces(typeof(Greenlet), nameof(Greenlet.Get))]
    public static void Get(Greenlet greenlet, TimeSpan? timeout, CancellationToken cancellationToken, WovenStack stack)
    {
        if (greenlet is { IsReady: false } && CallWaits.MayWait(stack))
            Suspend(greenlet, timeout, cancellationToken, new GetFrame(greenlet), stack);
        else
            greenlet.Get(timeout, cancellationToken);
    }

    /// <summary>As <see cref="Greenlet{T}.Get(TimeSpan?, CancellationToken)"/>.</summary>
    [Replaces(typeof(Greenlet<>), nameof(Greenlet.Get))]
    public static T Get<T>(Greenlet<T> greenlet, TimeSpan? timeout, CancellationToken cancellationToken, WovenStack stack)
    {
        if (greenlet is not { IsReady: false } || !CallWaits.MayWait(stack))
            return greenlet.Get(timeout, cancellationToken);
        Suspend(greenlet, timeout, cancellationToken, new GetFrame<T>(greenlet), stack);
        return default!;
    }

    private static void Suspend(Greenlet greenlet, TimeSpan? timeout, CancellationToken cancellationToken, GetFrame leaf, WovenStack stack)
    {
        leaf.Joined = greenlet.JoinAsync(timeout, cancellationToken);
        stack.Suspend(leaf, new TaskSource(leaf.Joined), isOfAnother: true);
    }
}
