using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.FunctionalTests;

/// <summary>A web application on a real Kestrel, on a free port, whose logs are kept.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private TestApp(WebApplication app, RecordingLoggerProvider logs)
    {
        App = app;
        Logs = logs;
    }

    public WebApplication App { get; }

    public RecordingLoggerProvider Logs { get; }

    /// <summary>Speaks HTTP/1.1.</summary>
    public HttpClient Client { get; } = new();

    /// <summary>Speaks HTTP/2, on a port of its own.</summary>
    public HttpClient Http2 { get; } = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>Not started.</summary>
    public static TestApp Create(Action<WebApplication> map, Action<WebApplicationBuilder>? build = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        // Without TLS a connection cannot agree on a protocol: one port for each
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static port => port.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static port => port.Protocols = HttpProtocols.Http2);
        });
        var logs = new RecordingLoggerProvider();
        builder.Logging.ClearProviders().AddFilter("Microsoft", LogLevel.Warning).AddProvider(logs);
        // Its 15 seconds are little where other test programs run
        builder.Services.Configure<Microsoft.AspNetCore.SignalR.HubOptions>(static options => options.HandshakeTimeout = 2 * Deadline.Default);
        builder.Services.AddGreenletBridge(options => options.AddHub("legacy"));
        build?.Invoke(builder);
        var app = builder.Build();
        map(app);
        return new TestApp(app, logs);
    }

    public static async Task<TestApp> StartAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder>? build = null, params (string Key, string Value)[] settings)
    {
        var app = Create(map, build, settings);
        await Deadline.For(app.App.StartAsync(TestContext.Current.CancellationToken), "the start");
        app.Client.BaseAddress = new Uri(app.App.Urls.First());
        app.Http2.BaseAddress = new Uri(app.App.Urls.Last());
        return app;
    }

    public HttpClient ClientOf(int protocol) => protocol == 2 ? Http2 : Client;

    public Task<string> GetAsync(string path) => GetAsync(path, Client);

    public async Task<string> GetAsync(string path, HttpClient client)
    {
        using var response = await Deadline.For(client.GetAsync(path, TestContext.Current.CancellationToken), $"the answer of {path}", Logs.ToString);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}\n{Logs}");
        return text;
    }

    public Task StopAsync() => Deadline.For(App.StopAsync(TestContext.Current.CancellationToken), "the stop", Logs.ToString);

    public void AssertNoErrors() => Assert.DoesNotContain(Logs.Entries, entry => entry.Level >= LogLevel.Error);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Http2.Dispose();
        await Deadline.For(App.DisposeAsync().AsTask(), "the disposal", Logs.ToString);
        Logs.Dispose();
    }
}
