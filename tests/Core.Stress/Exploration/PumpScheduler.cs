namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>Keeps Tasks until the test runs them, one by one, on its own thread.</summary>
internal sealed class PumpScheduler : TaskScheduler
{
    private readonly List<Task> _tasks = [];

    public int Count
    {
        get
        {
            lock (_tasks)
                return _tasks.Count;
        }
    }

    public bool IsEmpty => Count == 0;

    /// <summary>Runs one of those that wait, 0 for the oldest.</summary>
    public void Run(int index)
    {
        Task task;
        lock (_tasks)
        {
            task = _tasks[index];
            _tasks.RemoveAt(index);
        }

        TryExecuteTask(task);
    }

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
            _tasks.Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_tasks)
            return [.. _tasks];
    }
}
