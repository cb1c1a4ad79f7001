using System.Diagnostics;
using System.Globalization;

namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Row: ExecutionContext.</summary>
public sealed class ContextTests
{
    private static readonly AsyncLocal<string?> _value = new();

    [Theory, LoopsAndBodies]
    public async Task Context_OfWhoConvertsOrSpawns_FlowsIn(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        using var activity = new Activity("the caller's").Start();
        var culture = CultureInfo.GetCultureInfo("tr-TR");
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            var created = lane.Create(body, Look);
            _value.Value = "converted";
            var converted = lane.Bridge.AsTask(created);
            _value.Value = "spawned";
            var spawned = lane.Bridge.AsTask(lane.Spawn(body, Look));
            _value.Value = "run";
            var run = body == BodyKind.Async ? lane.Bridge.RunAsync(() => Look(new BodyWaits(body))) : lane.Bridge.RunAsync(() => Look(new BodyWaits(body)).Result);
            _value.Value = "later";

            foreach (var (task, expected) in new[] { (converted, "converted"), (spawned, "spawned"), (run, "run") })
                Assert.Equal((expected, "the caller's", "tr-TR"), await lane.For(task, "what it saw"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static async Task<(string?, string?, string)> Look(BodyWaits waits)
        {
            var first = (_value.Value, Activity.Current?.OperationName, CultureInfo.CurrentCulture.Name);
            await waits.Yield();
            // After a wait as before it.
            Assert.Equal(first, (_value.Value, Activity.Current?.OperationName, CultureInfo.CurrentCulture.Name));
            return first;
        }
    }

    [Theory, LoopsAndBodies]
    public async Task Context_ChangedInside_DoesNotLeakBackThroughTasks(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        _value.Value = "mine";

        await lane.For(lane.Bridge.AsTask(lane.Create(body, Change)), "the change");
        Assert.Equal("mine", _value.Value);
        await lane.For(lane.Bridge.RunAsync(() => { _value.Value = "theirs"; }), "the change");
        Assert.Equal("mine", _value.Value);
        await lane.For(lane.Bridge.SyncToAsync(() => { _value.Value = "theirs"; })(), "the change");
        Assert.Equal("mine", _value.Value);

        static Task<int> Change(BodyWaits waits)
        {
            _value.Value = "theirs";
            return Task.FromResult(1);
        }
    }

    [Theory, Loops]
    public async Task Context_ChangedInside_ComesBackThroughAwaitGreenlet(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        async Task<string?> Await(Func<Greenlet> start)
        {
            _value.Value = "mine";
            try
            {
                await start();
            }
            catch (InvalidTimeZoneException)
            {
                // The changes come back with an exception as well.
            }

            return _value.Value;
        }

        void Change()
        {
            _value.Value = "before the wait";
            Greenlet.Yield();
            _value.Value = "theirs";
        }

        Assert.Equal("theirs", await lane.For(Await(() => lane.Hub.Spawn(Change)), "the await"));
        Assert.Equal("theirs", await lane.For(Await(() => lane.Hub.Spawn(() => { Change(); return 1; })), "the await"));
        Assert.Equal("mine", await lane.For(Await(() => lane.Hub.Spawn(static () => { })), "the await"));
        Assert.Equal("theirs", await lane.For(
            Await(() => lane.Hub.Spawn((Action)(() => { Change(); throw new InvalidTimeZoneException(); }))), "the await"));
        var onTheHub = lane.Hub.Spawn(async () => await Await(() => lane.Hub.Spawn(Change)));
        Assert.Equal("theirs", await lane.For(lane.Bridge.AsTask(onTheHub), "the await on the hub"));
    }

    [Theory, Loops]
    public async Task Context_OfAGreenletThatFlowsNone_LeavesTheAwaitersAlone(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        async Task<string?> Await()
        {
            _value.Value = "mine";
            Greenlet greenlet;
            using (ExecutionContext.SuppressFlow())
                greenlet = lane.Hub.Spawn(static () => { });
            await greenlet;
            return _value.Value;
        }

        Assert.Equal("mine", await lane.For(Await(), "the await"));
    }

    [Theory, LoopsAndBodies]
    public async Task Context_OfOneGreenlet_IsNotSeenByTheNext(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var seen = new List<string?>();
        Greenlet[] greenlets;
        using (ExecutionContext.SuppressFlow())
        {
            greenlets = [.. Enumerable.Range(0, 10).Select(i => lane.Spawn(body, async waits =>
            {
                seen.Add(_value.Value);
                _value.Value = $"{i}";
                await waits.Yield();
                Assert.Equal($"{i}", _value.Value);
            }))];
        }

        foreach (var greenlet in greenlets)
            await lane.For(lane.Bridge.AsTask(greenlet), "its end");
        Assert.All(seen, Assert.Null);
    }
}
