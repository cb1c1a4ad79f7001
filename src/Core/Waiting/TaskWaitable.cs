namespace GreenletBridge;

/// <summary>A Task among other things to wait for.</summary>
internal sealed class TaskWaitable(Task task) : IGreenletWaitable
{
    public bool IsReady => task.IsCompleted;

    IWaitSource IGreenletWaitable.WhenReady => new TaskSource(task);

    public override bool Equals(object? obj) => obj is TaskWaitable other && other.Task == task;

    public override int GetHashCode() => task.GetHashCode();

    public override string ToString() => $"Task {task.Id} ({task.Status})";

    private Task Task => task;
}
