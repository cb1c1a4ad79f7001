namespace GreenletBridge;

/// <summary>Forgets every timer of a hub that has stopped and runs nothing any more.</summary>
internal sealed class VoidTimersItem(Dispatcher dispatcher) : WorkItem(WorkKind.Turn)
{
    internal override void Run(Runner runner) => dispatcher.ForgetTimers();
}
