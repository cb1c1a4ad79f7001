using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

public class GreenletMetricsTests
{
    private const string Hub = GreenletMetrics.HubTag;

    [Fact]
    public async Task Active_OneWaitsAndOneRuns_AreCountedByHubAndState()
    {
        await using var host = await ObservedHost.StartAsync();
        using var metrics = host.Record();
        var end = new TaskCompletionSource();
        var waiting = host.CallAsync(() => end.Task);
        await Deadline.Until(() => host.Hubs.All.First().Snapshot().Waiting == 1, "the wait");

        var seen = metrics.Observe("greenletbridge.greenlets.active");
        end.SetResult();
        await waiting;

        Assert.Equal(1, Assert.Single(seen, m => m.Has(Hub, "requests-0") && m.Has(GreenletMetrics.StateTag, "waiting")).Value);
        Assert.Equal(0, Assert.Single(seen, m => m.Has(Hub, "requests-0") && m.Has(GreenletMetrics.StateTag, "running")).Value);
        Assert.Contains(seen, m => m.Has(Hub, "legacy"));
    }

    [Fact]
    public async Task ReadyLength_WorkWaitsForABusyHub_IsCounted()
    {
        await using var host = await ObservedHost.StartAsync();
        using var metrics = host.Record();
        using var begun = new ManualResetEventSlim();
        var end = false;
        var hub = host.Hubs.Target("legacy").Bridge;
        var holder = hub.RunAsync(() =>
        {
            begun.Set();
            // Not SpinUntil: that sleeps, and who sleeps lends the hub to others, which then has nothing to run.
            while (!Volatile.Read(ref end))
                Thread.SpinWait(50);
        });
        Deadline.Wait(() => begun.IsSet, "the holder's begin");
        var queued = hub.RunAsync(() => { });

        var ready = metrics.Observe("greenletbridge.hub.ready.length");
        await Deadline.Until(
            () => metrics.Observe("greenletbridge.hub.lag").Single(m => m.Has(Hub, "legacy")).Value > 0, "a lag of the hub that is held");
        var load = 0.0;
        await Deadline.Until(
            () => (load = metrics.Observe("greenletbridge.hub.load").Single(m => m.Has(Hub, "legacy")).Value) > 0.01, "a load of the hub that is held",
            host.Hubs.Target("legacy").Hubs[0].Snapshot().ToString);
        Volatile.Write(ref end, true);
        await Deadline.For(Task.WhenAll(holder, queued), "both");

        Assert.Equal(1, Assert.Single(ready, m => m.Has(Hub, "legacy")).Value);
        Assert.Equal(0, Assert.Single(ready, m => m.Has(Hub, "requests")).Value);
        Assert.True(load <= 1, $"a load of {load}");
        Assert.Equal(0, metrics.Observe("greenletbridge.hub.lag").Single(m => m.Has(Hub, "requests-0")).Value);
    }

    [Fact]
    public async Task WovenBlocked_IsWhatFastModeHasCounted()
    {
        await using var host = await ObservedHost.StartAsync();
        using var metrics = host.Record();

        Assert.Equal(FastMode.WovenMethod.BlockedCount, Assert.Single(metrics.Observe("greenletbridge.woven.blocked")).Value);
    }

    [Fact]
    public async Task Carriers_OneHoldsAWait_AreCountedByState()
    {
        await using var host = await ObservedHost.StartAsync();
        using var metrics = host.Record();
        var end = new TaskCompletionSource();
        var waiting = host.Bridge.RunAsync(() => end.Task.Wait(TestContext.Current.CancellationToken));
        await Deadline.Until(() => host.Hubs.All.First().Snapshot().Waiting == 1, "the wait");

        var seen = metrics.Observe("greenletbridge.carriers.count");
        end.SetResult();
        await waiting;

        Assert.Equal(["busy", "idle"], seen.Select(m => m.Tags[GreenletMetrics.CarrierStateTag]).Order());
        Assert.InRange(seen.Single(m => m.Has(GreenletMetrics.CarrierStateTag, "busy")).Value, 1, 20_000);
        Assert.InRange(seen.Single(m => m.Has(GreenletMetrics.CarrierStateTag, "idle")).Value, 0, 20_000);
    }

    [Fact]
    public async Task SegmentDuration_OfAGreenletThatWaitsOnce_IsMeasuredTwice()
    {
        await using var host = await ObservedHost.StartAsync();
        using var metrics = host.Record();

        await Deadline.For(host.Hubs.Target("legacy").Bridge.RunAsync(() => Greenlet.Sleep(1)), "the greenlet");

        await Deadline.Until(() => metrics.Of("greenletbridge.hub.segment.duration").Count(m => m.Has(Hub, "legacy")) == 2, "two segments", metrics.ToString);
        Assert.All(metrics.Of("greenletbridge.hub.segment.duration"), m => Assert.InRange(m.Value, 0, 60));
    }

    [Fact]
    public async Task Blocked_OfEachKind_IsMeasuredAsItEnds()
    {
        await using var host = await ObservedHost.StartAsync();
        using var metrics = host.Record();
        var unseen = Blocked.On(host.Hubs.All.First());
        var computing = Blocked.On(host.Hubs.All.First(), BlockageKind.Computing, handedOff: true);

        Blocked.EndAtA(unseen);
        Blocked.EndAtA(computing);

        var measured = metrics.Of("greenletbridge.hub.blocked");
        Assert.Equal([unseen.Duration.TotalSeconds, computing.Duration.TotalSeconds], measured.Select(m => m.Value));
        Assert.All(measured, m => Assert.True(m.Has(Hub, "requests-0")));
        Assert.True(measured[0].Has(GreenletMetrics.KindTag, "unseen") && measured[0].Has(GreenletMetrics.HandedOffTag, false), measured[0].ToString());
        Assert.True(measured[1].Has(GreenletMetrics.KindTag, "computing") && measured[1].Has(GreenletMetrics.HandedOffTag, true), measured[1].ToString());
    }

    [Fact]
    public async Task Wanted_NobodyListens_IsNothing()
    {
        await using var host = await ObservedHost.StartAsync();
        var metrics = host.Services.GetRequiredService<GreenletMetrics>();

        Assert.Equal(HubEvents.None, metrics.Wanted);
        using (host.Record())
        {
            Assert.Equal(HubEvents.Segments, metrics.Wanted);
        }

        Assert.Equal(HubEvents.None, metrics.Wanted);
    }
}
