using System.Collections.Concurrent;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WebApi.EndToEnd.Nginx;

/// <summary>One instance of an application whose legacy code runs on an exclusive hub, and which can be stalled.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RecordingLoggerProvider _logs = new();
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _goesOn;
    private int _refused;

    public Instance(string name)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(
        [
            KeyValuePair.Create<string, string?>("GreenletBridge:Requests:Hubs", "1"),
            KeyValuePair.Create<string, string?>("GreenletBridge:Health:DegradedLag", "00:00:00.100"),
            KeyValuePair.Create<string, string?>("GreenletBridge:Health:UnhealthyLag", "00:00:00.200"),
        ]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(_logs);
        builder.Services.AddGreenletBridge(options => options.AddHub("legacy"));
        _app = builder.Build();
        _app.Use(async (context, next) =>
        {
            await next();
            if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
                Interlocked.Increment(ref _refused);
        });
        _app.MapGet("/work", (int id) =>
        {
            Begun.Enqueue(id);
            return name;
        }).RunInGreenlet("legacy");
        _app.MapPost("/stall", () =>
        {
            _stalled.SetResult();
            while (!_goesOn)
            {
#pragma warning disable RS0030 // Blocks the hub as legacy code does that nobody sees
                Thread.Sleep(5);
#pragma warning restore RS0030
            }
        }).RunInGreenlet("legacy");
    }

    /// <summary>The requests whose handlers have begun.</summary>
    public ConcurrentQueue<int> Begun { get; } = new();

    /// <summary>How often it answered 503.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Ends once <c>/stall</c> holds the hub.</summary>
    public Task Stalled => _stalled.Task;

    public Uri Address => new(_app.Urls.Single());

    public Task StartAsync() => Deadline.For(_app.StartAsync(TestContext.Current.CancellationToken), "the start of an instance");

    public void GoOn() => _goesOn = true;

    public override string ToString() => _logs.ToString();

    public async ValueTask DisposeAsync()
    {
        GoOn();
        await Deadline.For(_app.DisposeAsync().AsTask(), "the stop of an instance", _logs.ToString);
        _logs.Dispose();
    }
}
