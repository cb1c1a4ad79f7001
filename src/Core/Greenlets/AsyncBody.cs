namespace GreenletBridge;

/// <summary>An async delegate: it waits by returning to the hub and needs no thread meanwhile.</summary>
internal class AsyncBody : Body
{
    internal static AsyncBody Instance { get; } = new();

    internal override bool IsBlocking => false;

    internal sealed override void Invoke(Greenlet greenlet, Delegate code)
    {
        var task = ((Func<Task>)code)() ?? throw new InvalidOperationException("The greenlet's async body returned null instead of a Task.");
        if (task.IsCompleted)
        {
            Complete(greenlet, task);
            return;
        }

        // The current context is the greenlet's own: this continues in a segment of it, inline if its last segment ends the task.
        task.GetAwaiter().UnsafeOnCompleted(() => Complete(greenlet, task));
    }

    /// <summary>Ends the greenlet with the value of the completed task.</summary>
    protected virtual void EndWithValue(Greenlet greenlet, Task task) => greenlet.End(null);

    private void Complete(Greenlet greenlet, Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            try
            {
                task.GetAwaiter().GetResult();
            }
            catch (Exception e)
            {
                // The outcome of the greenlet.
                greenlet.End(e);
                return;
            }
        }

        EndWithValue(greenlet, task);
    }
}
