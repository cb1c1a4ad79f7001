using System.Diagnostics.Metrics;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>A started host with one request hub and one named hub, whose logs are kept.</summary>
internal sealed class ObservedHost : IAsyncDisposable
{
    private readonly IHost _host;

    private ObservedHost(IHost host, RecordingLoggerProvider logs)
    {
        _host = host;
        Logs = logs;
    }

    public RecordingLoggerProvider Logs { get; }

    public IServiceProvider Services => _host.Services;

    public IGreenletBridge Bridge => Services.GetRequiredService<IGreenletBridge>();

    public HubSet Hubs => Services.GetRequiredService<HubSet>();

    public HubListeners Listeners => Services.GetRequiredService<HubListeners>();

    /// <summary>A request's work without a server.</summary>
    public Task CallAsync(Func<Task> body, string name = "test work") =>
        Deadline.For(new TestCall(Services.GetRequiredService<CallPolicy>(), name, body).RunAsync(Hubs.Requests, new WorkProfile(name)), name, () => Logs.ToString());

    public static async Task<ObservedHost> StartAsync(Action<IServiceCollection>? services = null, params (string Key, string? Value)[] settings)
    {
        var logs = new RecordingLoggerProvider();
        var host = Settings.Host(
            [("GreenletBridge:Requests:Hubs", "1"), ("GreenletBridge:Hubs:legacy:Exclusive", "true"), .. settings],
            collection =>
            {
                collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
                services?.Invoke(collection);
            });
        await Deadline.For(host.StartAsync(TestContext.Current.CancellationToken), "the start");
        return new ObservedHost(host, logs);
    }

    public MetricRecorder Record()
    {
        // Made with the first request
        _ = Services.GetRequiredService<RequestMetrics>();
        return new MetricRecorder(GreenletMetrics.MeterName, Services.GetRequiredService<IMeterFactory>());
    }

    public async ValueTask DisposeAsync()
    {
        await Deadline.For(_host.StopAsync(TestContext.Current.CancellationToken), "the stop");
        _host.Dispose();
        Logs.Dispose();
    }

    private sealed class TestCall(CallPolicy policy, string name, Func<Task> body) : HostedCall(policy, name, CancellationToken.None)
    {
        protected override Task RunBody(Greenlet greenlet) => body();
    }
}
