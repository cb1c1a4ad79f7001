namespace GreenletBridge;

/// <summary>Ends what a hub that stops has not begun.</summary>
internal sealed class DropUnbegunItem(Dispatcher dispatcher) : WorkItem(WorkKind.Turn)
{
    internal override void Run(Runner runner) => dispatcher.DropUnbegun();
}
