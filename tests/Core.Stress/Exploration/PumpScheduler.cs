namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>Keeps Tasks until the test runs them, one by one, on its own thread.</summary>
internal sealed class PumpScheduler : TaskScheduler
{
    private readonly List<Task> _tasks = [];
    private volatile int _count;

    public int Count => _count;

    public bool IsEmpty => _count == 0;

    /// <summary>Runs one of those that wait, 0 for the oldest.</summary>
    public void Run(int index)
    {
        Task task;
        lock (_tasks)
        {
            task = _tasks[index];
            _tasks.RemoveAt(index);
            _count = _tasks.Count;
        }

        TryExecuteTask(task);
    }

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
        {
            _tasks.Add(task);
            _count = _tasks.Count;
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_tasks)
            return [.. _tasks];
    }
}
