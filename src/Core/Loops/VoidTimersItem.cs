namespace GreenletBridge;

/// <summary>Forgets every timer of a hub that has stopped and runs nothing any more.</summary>
internal sealed class VoidTimersItem : WorkItem
{
    internal override bool RunsOnScheduler => true;

    internal override void Run(Runner runner) => runner.Dispatcher!.ForgetTimers();
}
