namespace GreenletBridge.Core.Tests.Scheduling;

/// <summary>An item that says who it is.</summary>
internal sealed class TestItem(int id, int producer = 0, WorkKind kind = WorkKind.Ready) : WorkItem(kind)
{
    internal int Id => id;

    internal int Producer => producer;

    internal override void Run(Runner runner) => throw new InvalidOperationException("Tests of the queues run nothing.");
}
