namespace GreenletBridge;

/// <summary>A wait that is awaited; its continuation goes where the awaiting context says.</summary>
internal sealed class TaskWaiter(IWaitSource? source) : Waiter(source)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Ended => _ended.Task;

    internal override void Run(Runner runner)
    {
        // Never posted: the awaiting code's own context posts its continuation.
    }

    protected override void OnEnded() => _ended.TrySetResult();
}
