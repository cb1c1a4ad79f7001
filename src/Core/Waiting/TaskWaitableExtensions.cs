namespace GreenletBridge;

/// <summary>Tasks among other things to wait for.</summary>
public static class TaskWaitableExtensions
{
    /// <summary>The Task as something that <c>Greenlet.WaitAny</c> and <c>Greenlet.WaitEach</c> wait for, beside greenlets and events.</summary>
    /// <param name="task">The Task; how it ends does not matter.</param>
    /// <returns>The same for the same Task, by <see cref="object.Equals(object?)"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    public static IGreenletWaitable AsWaitable(this Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new TaskWaitable(task);
    }
}
