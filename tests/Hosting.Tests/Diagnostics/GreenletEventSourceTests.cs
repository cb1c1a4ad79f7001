using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Alone: the event source is the process's.</summary>
[Collection(nameof(WholeProcess))]
public class GreenletEventSourceTests
{
    [Fact]
    public async Task Events_OfAGreenletThatWaits_AreBeginWaitSegmentsAndEnd()
    {
        using var events = new Events(EventLevel.Verbose);
        await using var host = await ObservedHost.StartAsync();

        long id = 0;
        await Deadline.For(
            host.Hubs.Target("legacy").Bridge.RunAsync(() =>
            {
                id = Greenlet.Current!.Id;
                Greenlet.Sleep(1);
            }),
            "the greenlet");

        var begun = await events.First(e => e.EventName == "GreenletBegun" && Equals(e.Payload![0], id));
        Assert.Equal("legacy", begun.Payload![2]);
        Assert.True((double)begun.Payload[3]! >= 0);
        var ended = await events.First(e => e.EventName == "GreenletEnded" && Equals(e.Payload![0], id));
        Assert.Equal("Completed", ended.Payload![3]);
        var wait = await events.First(e => e.EventName == "WaitEnded" && Equals(e.Payload![0], id));
        Assert.Equal("time to pass", wait.Payload![2]);
        Assert.True((double)wait.Payload[3]! > 0);
        var segment = await events.First(e => e.EventName == "SegmentEnded" && Equals(e.Payload![0], id));
        Assert.Equal("legacy", segment.Payload![1]);
        Assert.False((bool)segment.Payload[3]!);
    }

    [Fact]
    public async Task Events_OfBlockagesAndHubs_HaveWorkKindDurationAndPlace()
    {
        using var events = new Events(EventLevel.Informational);
        Hub hub;
        await using (var host = await ObservedHost.StartAsync())
        {
            hub = host.Hubs.All.First();
            Blocked.Happens(hub);
            host.Listeners.OnCarrierStartFailed(hub, new ThreadStateException("no thread"));
        }

        var detected = await events.First(e => e.EventName == "BlockageDetected" && Equals(e.Payload![2], "GET /slow"));
        Assert.Equal(["requests-0", "GET /slow", "unseen"], detected.Payload!.Skip(1));
        var ended = await events.First(e => e.EventName == "BlockageEnded" && Equals(e.Payload![2], "GET /slow"));
        Assert.Contains(nameof(Blocked.EndAtA), (string)ended.Payload![5]!, StringComparison.Ordinal);
        Assert.True((double)ended.Payload[4]! >= 0);
        Assert.Equal("no thread", (await events.First(e => e.EventName == "CarrierStartFailed")).Payload![1]);
        await events.First(e => e.EventName == "HubStopping" && Equals(e.Payload![0], "requests-0"));
        await events.First(e => e.EventName == "HubStopped" && Equals(e.Payload![0], "requests-0") && Equals(e.Payload[1], 0));
    }

    [Fact]
    public async Task Event_OfAWovenWaitThatBlocks_HasMethodAndCause()
    {
        using var events = new Events(EventLevel.Verbose);
        await using var host = await ObservedHost.StartAsync();
        var greenlet = host.Hubs.All.First().Spawn(static () => { });

        host.Listeners.OnWovenBlocked(greenlet, "Shop.Find", "System.IO.FileStream.Read");

        var blocked = await events.First(e => e.EventName == "WovenBlocked" && Equals(e.Payload![0], greenlet.Id));
        Assert.Equal(["requests-0", "Shop.Find", "System.IO.FileStream.Read"], blocked.Payload!.Skip(1));
    }

    [Fact]
    public async Task Counters_SomebodyListens_GiveTheFiguresOfAllHosts()
    {
        await using var host = await ObservedHost.StartAsync();
        var end = new TaskCompletionSource();
        var waiting = host.CallAsync(() => end.Task);
        await Deadline.Until(() => host.Hubs.All.First().Snapshot().Waiting == 1, "the wait");

        using var events = new Events(EventLevel.LogAlways, counters: true);
        foreach (var name in EventSourceNames.Counters)
            await events.Counter(name, _ => true);
        await events.Counter("greenlets-waiting", value => value >= 1);
        end.SetResult();
        await waiting;
    }

    [Fact]
    public void Wanted_NobodyListens_IsNothing()
    {
        Assert.Equal(HubEvents.None, GreenletEventSource.Log.Wanted());
        using (new Events(EventLevel.Informational))
        {
            Assert.Equal(HubEvents.Greenlets, GreenletEventSource.Log.Wanted());
        }
    }

    private sealed class Events : EventListener
    {
        private readonly ConcurrentQueue<EventWrittenEventArgs> _events = new();

        public Events(EventLevel level, bool counters = false) => EnableEvents(
            GreenletEventSource.Log, level, counters ? EventKeywords.None : EventKeywords.All, counters ? new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "1" } : null);

        public async Task<EventWrittenEventArgs> First(Func<EventWrittenEventArgs, bool> match)
        {
            await Deadline.Until(() => _events.Any(match), "the event", () => string.Join(", ", _events.Select(e => e.EventName)));
            return _events.First(match);
        }

        public Task<EventWrittenEventArgs> Counter(string name, Func<double, bool> match) => First(e =>
            e.EventName == "EventCounters" && e.Payload![0] is IDictionary<string, object?> counter && Equals(counter["Name"], name) && match((double)counter["Mean"]!));

        public override void Dispose()
        {
            DisableEvents(GreenletEventSource.Log);
            base.Dispose();
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => _events?.Enqueue(eventData);
    }
}
