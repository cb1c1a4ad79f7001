namespace GreenletBridge;

/// <summary>The body of a greenlet that stands for a Task or an async function.</summary>
internal sealed class TaskRunner(Func<CancellationToken, Task> start, TaskToGreenletOptions options)
{
    /// <summary>Stands for a Task that exists.</summary>
    internal static TaskRunner Of(Task task, TaskToGreenletOptions options) => new(_ => task, options);

    /// <summary>Runs it on the current greenlet, awaited.</summary>
    internal async Task<Task> RunAsync()
    {
        using var source = new CancellationTokenSource();
        try
        {
            var task = Started(start(source.Token), options);
            if (!task.IsCompleted)
                await Waits.Async(new TaskSource(task), null).ConfigureAwait(true);
            ThrowIfCanceled(task);
            return task;
        }
        catch when (Greenlet.Current is { HasKill: true })
        {
            Cancel(source);
            throw;
        }
    }

    /// <summary>Runs it on the calling greenlet's own stack, cooperatively.</summary>
    internal Task Run()
    {
        using var source = new CancellationTokenSource();
        try
        {
            var task = Started(start(source.Token), options);
            if (!task.IsCompleted)
                Waits.Block(new TaskSource(task), null);
            return task;
        }
        catch
        {
            // The caller is killed or times out: the function's work is for nobody.
            Cancel(source);
            throw;
        }
    }

    /// <summary>The task that a function has returned on a greenlet, started if it was cold.</summary>
    internal static Task Started(Task? task, TaskToGreenletOptions options)
    {
        if (task is null)
            throw new InvalidOperationException("The async function returned null instead of a Task.");
        if (task.Status == TaskStatus.Created && options.AutoStartTask)
            TryStart(task);
        return task;
    }

    private static void TryStart(Task task)
    {
        try
        {
            task.Start(Hub.Current!.TaskScheduler);
        }
        catch (InvalidOperationException) when (task.Status != TaskStatus.Created)
        {
            // Somebody else has just started it.
        }
    }

    private void ThrowIfCanceled(Task task)
    {
        if (!task.IsCanceled || !options.AutoKillGreenlet)
            return;
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e)
        {
            throw new GreenletExitException("The Task that the greenlet stands for was cancelled.", e);
        }
    }

    private void Cancel(CancellationTokenSource source)
    {
        if (!options.AutoCancelTask)
            return;
        try
        {
            source.Cancel();
        }
        catch (AggregateException e) when (Greenlet.Current is { Hub: { } hub } greenlet)
        {
            // Out of a callback of the token's: the kill that is on its way must not be lost over it.
            hub.ReportUnhandled(greenlet, e);
        }
    }
}
