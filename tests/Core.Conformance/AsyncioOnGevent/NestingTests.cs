namespace GreenletBridge.Core.Conformance.AsyncioOnGevent;

/// <summary>Row: sync → async → sync → async, five deep.</summary>
public sealed class NestingTests
{
    [Theory, LoopsAndBodies]
    public async Task FiveDeep_FromAGreenlet_GivesTheValueOnOneHub(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var hubs = new HashSet<Hub?>();
        var greenlet = lane.Spawn(body, _ => Task.FromResult(Sync(lane.Bridge, 5, hubs)));

        Assert.Equal(5, await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        Assert.Same(lane.Hub, Assert.Single(hubs));
    }

    [Theory, Loops]
    public async Task FiveDeep_FromAPoolThread_GivesTheValueOnOneHub(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var hubs = new HashSet<Hub?>();
        var task = Task.Run(() => Sync(lane.Bridge, 5, hubs));

        Assert.Equal(5, await lane.For(task, "the value"));
        hubs.Remove(null);
        Assert.Same(lane.Hub, Assert.Single(hubs));
    }

    [Theory, Loops]
    public async Task FiveDeep_FromAConsoleMain_GivesTheValueOnOneHub(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop, start: false);
        var hubs = new HashSet<Hub?>();
        var main = HubUnderTest.OnPlainThread(() => lane.Hub.Run(async () =>
        {
            await Greenlet.YieldAsync();
            return Sync(lane.Bridge, 5, hubs);
        }));

        Assert.Equal(5, await lane.For(main, "the value"));
        Assert.Same(lane.Hub, Assert.Single(hubs));
    }

    [Theory, Loops]
    public async Task FiveDeep_ManyAtOnceWithFewCarriers_AllGiveTheirValue(HubLoop loop)
    {
        // Begun work may exceed the cap on carriers: otherwise the depth would deadlock.
        var pool = new CarrierPool(new CarrierOptions { Max = 4 });
        await using var lane = new HubUnderTest(loop, configure: options => options.Carriers = pool);
        var all = Enumerable.Range(0, 100).Select(_ => lane.Bridge.RunAsync(() => Sync(lane.Bridge, 5, null))).ToArray();

        Assert.All(await lane.For(Task.WhenAll(all), "all values"), value => Assert.Equal(5, value));
    }

    private static int Sync(IGreenletBridge bridge, int depth, HashSet<Hub?>? hubs)
    {
        hubs?.Add(Hub.Current);
        return depth == 0 ? 0 : bridge.AsyncToSync((int d) => Async(bridge, d, hubs))(depth - 1) + 1;
    }

    private static async Task<int> Async(IGreenletBridge bridge, int depth, HashSet<Hub?>? hubs)
    {
        hubs?.Add(Hub.Current);
        await Greenlet.YieldAsync();
        return await bridge.SyncToAsync((int d) => Sync(bridge, d, hubs))(depth);
    }
}
