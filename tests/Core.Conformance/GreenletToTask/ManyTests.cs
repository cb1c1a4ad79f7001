namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Row: many conversions pending.</summary>
[Collection(nameof(WholeProcess)), Trait("Size", "Large")]
public sealed class ManyTests
{
    [Theory, Loops]
    public async Task ManyPending_OfAsyncBodies_HoldNoThread(HubLoop loop)
    {
        const int Many = 100_000;
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var tasks = new Task<int>[Many];
        for (var i = 0; i < Many; i++)
        {
            var own = i;
            tasks[i] = lane.Bridge.RunAsync(async () =>
            {
                await gate.Task;
                return own;
            });
        }

        await lane.Until(() => lane.Hub.Snapshot(new HubSnapshotOptions { Greenlets = false }).Active == Many, "all wait");
        var (carriers, completed) = (lane.Pool.Count, tasks.Count(task => task.IsCompleted));
        gate.SetResult();

        Assert.Equal(Enumerable.Range(0, Many), await lane.For(Task.WhenAll(tasks), "all values"));
        Assert.InRange(carriers, 0, 4);
        Assert.Equal(0, completed);
    }

    [Theory, Loops]
    public async Task ManyPending_OfBlockingBodies_AllComplete(HubLoop loop)
    {
        const int Many = 1_000;
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var tasks = new Task<int>[Many];
        for (var i = 0; i < Many; i++)
        {
            var own = i;
            tasks[i] = lane.Bridge.RunAsync(() =>
            {
                Greenlet.Await(gate.Task);
                return own;
            });
        }

        await lane.Until(() => lane.Hub.Snapshot().Waiting >= 900, "nearly all wait");
        gate.SetResult();

        Assert.Equal(Enumerable.Range(0, Many), await lane.For(Task.WhenAll(tasks), "all values"));
    }
}
