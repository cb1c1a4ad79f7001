namespace GreenletBridge;

/// <summary>An async delegate: it waits by returning to the hub and needs no thread meanwhile.</summary>
internal class AsyncBody(Func<Task> function) : Body
{
    private Task? _task;

    internal override bool IsBlocking => false;

    internal sealed override void Invoke()
    {
        _task = function() ?? throw new InvalidOperationException("The greenlet's async body returned null instead of a Task.");
        if (_task.IsCompleted)
        {
            Complete();
            return;
        }

        // The current context is the greenlet's own: this continues in a segment of it, inline if its last segment ends the task.
        _task.GetAwaiter().UnsafeOnCompleted(Complete);
    }

    /// <summary>Ends the greenlet with the value of the completed task.</summary>
    protected virtual void EndWithValue(Task task) => Greenlet.End(null);

    private void Complete()
    {
        var task = _task!;
        if (!task.IsCompletedSuccessfully)
        {
            try
            {
                task.GetAwaiter().GetResult();
            }
            catch (Exception e)
            {
                // The outcome of the greenlet.
                Greenlet.End(e);
                return;
            }
        }

        EndWithValue(task);
    }
}
