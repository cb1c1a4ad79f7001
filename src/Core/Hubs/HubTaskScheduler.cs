namespace GreenletBridge;

/// <summary>Runs Tasks on a hub, each in a greenlet of its own.</summary>
internal sealed class HubTaskScheduler(Hub hub) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    protected override void QueueTask(Task task)
    {
        hub.ThrowIfStopped();
        hub.StartInternal(() => TryExecuteTask(task), "task");
    }

    // Only on a segment that holds this hub's baton: anywhere else two would run at once.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Hub.Current == hub && Runner.Current is { Segment: SegmentState.Running } && TryExecuteTask(task);

    // For debuggers only; the queue does not know of Tasks.
    protected override IEnumerable<Task>? GetScheduledTasks() => null;
}
