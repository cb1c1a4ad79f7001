using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>Names that lie, sinks that throw, sinks that are slow.</summary>
public sealed class LogSafetyTests
{
    [Fact]
    public async Task Name_WithLineEndsAndEscapes_StaysOnOneLineOfTheLog()
    {
        await using var host = await ObservedHost.StartAsync();
        var hub = host.Hubs.All.First();
        var greenlet = hub.Create(static void () => throw new InvalidOperationException("lost"));
        greenlet.Name = "order 7\r\n[00:00:00 INF] Login: admin\u001b[2K\u202e";
        greenlet.Start();

        var entry = await host.Logs.WaitFor(e => e.EventId.Name == "GreenletFaulted", "the error's log entry");

        Assert.Equal("order 7\\u000D\\u000A[00:00:00 INF] Login: admin\\u001B[2K\\u202E", entry["Name"]);
        Assert.DoesNotContain('\n', entry.Message);
    }

    [Theory]
    [InlineData("plain name", "plain name")]
    [InlineData("größe ✓ 名前", "größe ✓ 名前")]
    [InlineData("a\tb", "a\\u0009b")]
    [InlineData(null, null)]
    public void LogText_OfAName_EscapesOnlyWhatDoesNotShow(string? name, string? text) => Assert.Equal(text, LogText.Of(name));

    [Fact]
    public void LogText_VeryLong_IsCut() => Assert.InRange(LogText.Of(new string('x', 1_000_000))!.Length, 1, 600);

    [Fact]
    public async Task Sink_Throws_TheProcessAndTheHubGoOn()
    {
        using var sink = new ThrowingProvider("GreenletFaulted");
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(sink);
        builder.Services.AddGreenletBridge();
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var bridge = host.Services.GetRequiredService<IGreenletBridge>();

        for (var i = 0; i < 3; i++)
            await Deadline.For(bridge.RunAsync(static () => { Hub.Current!.Spawn(static void () => throw new InvalidOperationException("lost")); }), "the spawning greenlet");
        Deadline.Wait(() => sink.Calls >= 3, "the sink to be called");

        Assert.Equal(7, await Deadline.For(bridge.RunAsync(static () => 7), "a greenlet after that"));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Sink_FailsWhenAskedWhetherItWantsAnEntry_GetsNone()
    {
        using var sink = new DeafProvider();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(sink));
        var logger = factory.CreateLogger("GreenletBridge");
        Assert.ThrowsAny<Exception>(() => logger.IsEnabled(LogLevel.Error));

        Assert.False(new QuietLogger(logger).IsEnabled(LogLevel.Error));
    }

    [Fact]
    public async Task Sink_IsSlow_EntriesPastABoundAreDroppedAndCounted()
    {
        using var sink = new SlowProvider();
        using var logs = new RecordingLoggerProvider();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(sink).AddProvider(logs));
        var listener = new HostingHubListener(factory.CreateLogger<HostingHubListener>());
        await using var hub = new Hub();

        listener.OnCarrierStartFailed(hub, new IOException());
        Deadline.Wait(sink.Begun, "the first entry");
        for (var i = 0; i < OffHubQueue.Capacity + 5; i++)
            listener.OnCarrierStartFailed(hub, new IOException());
        sink.Go.Set();
        listener.Flush();

        Assert.Equal(5, Assert.Single(logs.Named("HubEntriesDropped"))["Count"]);
        Assert.Equal(OffHubQueue.Capacity + 1, logs.Named("CarrierStartFailed").Count);
    }

    [Fact]
    public void OffHubQueue_PostedFasterThanItRuns_IsBoundedAndSaysWhatItDropped()
    {
        var dropped = 0;
        var ran = 0;
        var queue = new OffHubQueue(count => dropped += count);
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        queue.Post(() =>
        {
            begun.Set();
            go.Wait();
        });
        Deadline.Wait(begun, "the first action");

        for (var i = 0; i < OffHubQueue.Capacity + 5; i++)
            queue.Post(() => ran++);
        go.Set();
        queue.Execute();

        Assert.Equal((OffHubQueue.Capacity, 5), (ran, dropped));
    }

    private sealed class SlowProvider : ILoggerProvider, ILogger
    {
        public ManualResetEventSlim Begun { get; } = new();

        public ManualResetEventSlim Go { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Begun.Set();
            Deadline.Wait(Go, "the end of the first entry");
        }

        public void Dispose()
        {
            Begun.Dispose();
            Go.Dispose();
        }
    }

    private sealed class DeafProvider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => throw new IOException("the test's disk is full");

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("the test's disk is full");

        public void Dispose()
        {
        }
    }
}
