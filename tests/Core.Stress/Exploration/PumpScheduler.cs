using System.Collections.Concurrent;

namespace GreenletBridge.Core.Stress.Exploration;

/// <summary>Keeps Tasks until the test runs them, one by one, on its own thread.</summary>
internal sealed class PumpScheduler : TaskScheduler
{
    private readonly ConcurrentQueue<Task> _tasks = new();

    public bool IsEmpty => _tasks.IsEmpty;

    public void RunOne()
    {
        if (_tasks.TryDequeue(out var task))
            TryExecuteTask(task);
    }

    protected override void QueueTask(Task task) => _tasks.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;
}
