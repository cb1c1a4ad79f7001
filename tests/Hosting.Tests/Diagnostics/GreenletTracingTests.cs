using System.Collections.Concurrent;
using System.Diagnostics;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Alone: a listener of the process hears every host.</summary>
[Collection(nameof(WholeProcess))]
public class GreenletTracingTests
{
    [Fact]
    public async Task Span_OfARequest_HasItsParentQueueTimeWaitsAndStatus()
    {
        await using var host = await ObservedHost.StartAsync();
        using var spans = new Spans();
        using var request = new Activity("request").Start();
        Activity? inside = null, after = null;

        await host.CallAsync(
            async () =>
            {
                inside = Activity.Current;
                await Task.Yield();
                after = Activity.Current;
                Greenlet.Sleep(2);
            },
            "GET /traced");

        var span = await spans.Ended("GET /traced");
        Assert.Same(span, inside);
        Assert.Same(span, after);
        Assert.Same(request, Activity.Current);
        Assert.Equal(request.TraceId, span.TraceId);
        Assert.Equal(request.SpanId, span.ParentSpanId);
        Assert.Equal("requests-0", span.GetTagItem(GreenletMetrics.HubTag));
        Assert.True((double)span.GetTagItem(GreenletTracing.QueueTag)! >= 0);
        Assert.True((long)span.GetTagItem(GreenletTracing.IdTag)! > 0);
        Assert.Equal("Completed", span.GetTagItem(GreenletTracing.StatusTag));
        var waits = span.Events.Where(e => e.Name == GreenletTracing.WaitEvent).Select(e => e.Tags.ToDictionary()).ToArray();
        Assert.Contains(waits, w => (string)w[GreenletTracing.ReasonTag]! == "time to pass" && (double)w[GreenletTracing.DurationTag]! > 0.001);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task Span_OfASpawnedGreenlet_IsWithinItsSpawners()
    {
        await using var host = await ObservedHost.StartAsync();
        using var spans = new Spans();

        await host.CallAsync(
            () =>
            {
                var child = Hub.Current!.Create(() => Greenlet.Sleep(1));
                child.Name = "child";
                child.Start();
                child.Join();
                return Task.CompletedTask;
            },
            "parent");

        var parent = await spans.Ended("parent");
        var inner = await spans.Ended("child");
        Assert.Equal(parent.SpanId, inner.ParentSpanId);
    }

    [Fact]
    public async Task Span_OfEachEnd_HasItsStatus()
    {
        await using var host = await ObservedHost.StartAsync();
        using var spans = new Spans();

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.CallAsync(() => throw new InvalidOperationException("secret"), "fails"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.CallAsync(() => throw new GreenletExitException(), "exits"));

        var failed = await spans.Ended("fails");
        Assert.Equal("Faulted", failed.GetTagItem(GreenletTracing.StatusTag));
        Assert.Equal(ActivityStatusCode.Error, failed.Status);
        Assert.Equal(nameof(InvalidOperationException), failed.StatusDescription);
        var killed = await spans.Ended("exits");
        Assert.Equal("Killed", killed.GetTagItem(GreenletTracing.StatusTag));
        Assert.Equal(ActivityStatusCode.Unset, killed.Status);
    }

    [Fact]
    public async Task Span_WithVeryManyWaits_KeepsTheFirstAndCountsTheRest()
    {
        await using var host = await ObservedHost.StartAsync();
        using var spans = new Spans();

        await Deadline.For(
            host.Hubs.Target("legacy").Bridge.RunAsync(() =>
            {
                Greenlet.Current!.Name = "many";
                for (var i = 0; i < 200; i++)
                {
                    Greenlet.Yield();
                }
            }),
            "the greenlet");

        var span = await spans.Ended("greenlet");
        Assert.Equal(128, span.Events.Count());
        Assert.Equal(72, span.GetTagItem(GreenletTracing.DroppedTag));
    }

    [Fact]
    public async Task AwaitOfAGreenlet_WhoseSpanHasEnded_HasTheAwaitersSpanAgain()
    {
        await using var host = await ObservedHost.StartAsync();
        using var spans = new Spans();
        using var request = new Activity("awaiter").Start();

        await host.Hubs.All.First().Spawn(() => { });

        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public async Task Wanted_NobodyListens_IsNothing()
    {
        await using var host = await ObservedHost.StartAsync();
        var tracing = host.Services.GetRequiredService<GreenletTracing>();

        Assert.Equal(HubEvents.None, tracing.Wanted);
        using (new Spans())
        {
            Assert.Equal(HubEvents.Greenlets | HubEvents.Waits, tracing.Wanted);
        }

        Assert.Equal(HubEvents.None, tracing.Wanted);
    }

    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == GreenletTracing.SourceName,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public async Task<Activity> Ended(string name)
        {
            await Deadline.Until(() => _ended.Any(a => a.OperationName == name), $"the span {name}", () => string.Join(", ", _ended.Select(a => a.OperationName)));
            return _ended.First(a => a.OperationName == name);
        }

        public void Dispose() => _listener.Dispose();
    }
}
