namespace GreenletBridge;

/// <summary>The next turn of the hub, at which a timeout of zero is due.</summary>
internal sealed class TimeoutTurn(TimeoutList list) : WorkItem(WorkKind.Turn)
{
    internal override bool RunsOnScheduler => true;

    internal override void Run(Runner runner) => list.Fire(null);
}
