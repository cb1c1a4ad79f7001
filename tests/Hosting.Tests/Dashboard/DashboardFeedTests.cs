using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using GreenletBridge.Hosting.Tests.Diagnostics;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.Tests.Dashboard;

/// <summary>Pages that come and go, and what the others are told.</summary>
public sealed class DashboardFeedTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Events_APageLeavesWithItsFirstEvents_IsNotOpen()
    {
        await using var host = await ObservedHost.StartAsync();
        using var feed = Feed(host);
        var page = feed.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await page.MoveNextAsync());
        Assert.Equal(1, feed.Open);

        await page.DisposeAsync();

        Assert.Equal(0, feed.Open);
    }

    [Fact]
    public async Task Events_AnotherPageComes_TheFirstIsToldWhatHasChangedMeanwhile()
    {
        await using var host = await ObservedHost.StartAsync();
        using var feed = Feed(host);
        var gate = new TaskCompletionSource();
        var ending = Waiting(host, gate.Task);
        await using var first = feed.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Contains(ending.Id, Ids(await NextRowsAsync(first), "changed"));

        gate.SetResult();
        await Deadline.Until(() => ending.IsReady && host.Hubs.All.Sum(static hub => hub.Snapshot().Active) == 0, "its end");
        var coming = Waiting(host, new TaskCompletionSource().Task);
        await using var second = feed.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await second.MoveNextAsync());

        var told = await NextRowsAsync(first);
        Assert.Contains(coming.Id, Ids(told, "changed"));
        Assert.Contains(ending.Id, told["gone"]!.AsArray().Select(static id => (long)id!));
        coming.Kill();
    }

    private static Greenlet Waiting(ObservedHost host, Task gate)
    {
        var greenlet = host.Hubs.All.First().Spawn(() => Greenlet.Await(gate));
        Deadline.Wait(() => greenlet.Status == GreenletStatus.Waiting, "it to wait");
        return greenlet;
    }

    private static IEnumerable<long> Ids(JsonNode rows, string part) => rows[part]!.AsArray().Select(static row => (long)row!["id"]!);

    private static async Task<JsonNode> NextRowsAsync(IAsyncEnumerator<SseItem<byte[]>> page)
    {
        do
        {
            Assert.True(await Deadline.For(page.MoveNextAsync().AsTask(), "an event"));
        }
        while (page.Current.EventType != "rows");
        return JsonNode.Parse(page.Current.Data)!;
    }

    private DashboardFeed Feed(ObservedHost host) => ActivatorUtilities.CreateInstance<DashboardFeed>(host.Services, (TimeProvider)_time);
}
