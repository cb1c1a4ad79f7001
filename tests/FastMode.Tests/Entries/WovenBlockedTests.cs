using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Entries;

/// <summary>The event of a woven wait that blocks a thread, as a tool that listens gets it.</summary>
public sealed class WovenBlockedTests
{
    [Theory]
    [InlineData("Pinned", "Steps.Pinned", "Steps+Slow..ctor")]
    [InlineData("Foreign", "Steps.Foreign", "System.Collections.Generic.List`1.RemoveAll")]
    [InlineData("HoldLock", "Steps.HoldLock", "System.Threading.Tasks.Task.Wait")]
    public async Task WovenBlocked_OfAWaitThatBlocks_NamesTheMethodAndWhatItCalled(string code, string method, string cause)
    {
        using var events = new Events();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGreenletBridge();
        using var host = builder.Build();
        await Deadline.For(host.StartAsync(TestContext.Current.CancellationToken), "the start");
        var steps = new WovenCode();

        var run = host.Services.GetRequiredService<IGreenletBridge>().RunAsync(steps.Function<int>(code));
        await Deadline.Until(() => events.All.Any(e => e.Method == method), "the event", () => string.Join('\n', events.All));
        steps.Source.SetResult(1);
        await Deadline.For(run, "the end");

        Assert.Contains((method, cause), events.All);
        await Deadline.For(host.StopAsync(TestContext.Current.CancellationToken), "the stop");
    }

    private sealed class Events : EventListener
    {
        private const EventKeywords Blockages = (EventKeywords)0x8;

        public ConcurrentQueue<(string? Method, string? Cause)> All { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "GreenletBridge")
                EnableEvents(eventSource, EventLevel.Verbose, Blockages);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData is { EventName: "WovenBlocked", Payload: [_, _, string method, string cause] })
                All.Enqueue((method, cause));
        }
    }
}
