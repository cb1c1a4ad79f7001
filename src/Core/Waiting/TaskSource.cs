namespace GreenletBridge;

/// <summary>A Task as something to wait for.</summary>
internal sealed class TaskSource(Task task) : IWaitSource
{
    public bool TryAdd(Waiter waiter)
    {
        if (task.IsCompleted)
            return false;
        // Synchronously on whoever completes it: ending a waiter only posts, and a detour over the pool could starve.
        task.ContinueWith(
            static (_, state) => ((Waiter)state!).TryEnd(WaitOutcome.Completed),
            waiter,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return true;
    }

    public void Remove(Waiter waiter)
    {
        // A Task's continuation cannot be removed; it finds a waiter that has ended.
    }

    public string Describe() => $"Task {task.Id} ({task.Status})";
}
