using GreenletBridge.Hosting.FunctionalTests.HealthChecks;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

public class HubMethodTests
{
    private readonly HubNotes _notes = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunInGreenlet_OnAHub_RunsItsMethodsAndTheFiltersInGreenlets(bool attribute)
    {
        await using var app = await StartAsync(app =>
        {
            app.UseGreenletBridge();
            if (attribute)
            {
                app.MapHub<MarkedHub>("/hub");
            }
            else
            {
                app.MapHub<WhereHub>("/hub").RunInGreenlet();
            }
        });
        await using var client = await Connections.ConnectAsync(app);

        Assert.StartsWith("requests-", await CallAsync<string>(client, "Where"), StringComparison.Ordinal);
        Assert.StartsWith("requests-", _notes.Filter, StringComparison.Ordinal);
        Assert.StartsWith("requests-", await CallAsync<string>(client, "WhereAsync"), StringComparison.Ordinal);
        Assert.Equal("legacy", await CallAsync<string>(client, "Named"));
        Assert.Equal("none", await CallAsync<string>(client, "Off"));
        Assert.StartsWith("requests-", _notes.Connected, StringComparison.Ordinal);
        await client.StopAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("requests-", await Deadline.For(_notes.Disconnected.Task, "the end of the connection"), StringComparison.Ordinal);
        app.AssertNoErrors();
    }

    [Fact]
    public async Task RunInGreenlet_LongPollingOverHttp2_RunsItsMethodsInGreenlets()
    {
        await using var app = await StartAsync(static app => app.MapHub<WhereHub>("/hub").RunInGreenlet());
        await using var client = await Connections.ConnectAsync(app, new HubConnectionBuilder().WithUrl(new Uri(app.Http2.BaseAddress!, "/hub"), static options =>
        {
            options.Transports = HttpTransportType.LongPolling;
            options.HttpMessageHandlerFactory = static inner => new AsHttp2(inner);
        }));

        Assert.StartsWith("requests-", await CallAsync<string>(client, "Where"), StringComparison.Ordinal);
        Assert.Equal("legacy", await CallAsync<string>(client, "Named"));
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Hub_NotMarked_RunsOnlyItsMarkedMethodsInGreenlets()
    {
        await using var app = await StartAsync(static app => app.MapHub<WhereHub>("/hub"));
        await using var client = await Connections.ConnectAsync(app);

        Assert.Equal("none", await CallAsync<string>(client, "Where"));
        Assert.Equal("none", _notes.Connected);
        Assert.Equal("legacy", await CallAsync<string>(client, "Named"));
    }

    [Fact]
    public async Task UseGreenletBridge_All_LeavesConnectionsAlone()
    {
        await using var app = await StartAsync(static app =>
        {
            app.UseGreenletBridge(all: true);
            app.MapHub<WhereHub>("/hub");
        });
        await using var client = await Connections.ConnectAsync(app);

        Assert.Equal("none", await CallAsync<string>(client, "Where"));
    }

    [Fact]
    public async Task Method_Throws_TellsTheClientAsWithoutAGreenlet()
    {
        await using var app = await StartAsync(static app => app.MapHub<WhereHub>("/hub").RunInGreenlet());
        await using var client = await Connections.ConnectAsync(app);

        var exception = await Assert.ThrowsAsync<HubException>(() => CallAsync<object>(client, "Fail"));

        Assert.Contains("HubException: failed on requests-", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_ClientLeaves_IsKilledAndRunsItsFinally()
    {
        await using var app = await StartAsync(static app => app.MapHub<WhereHub>("/hub").RunInGreenlet());
        await using var client = await Connections.ConnectAsync(app);
        var call = client.SendAsync("WaitForEver", TestContext.Current.CancellationToken);
        await Deadline.For(_notes.Begun.Task, "the method's begin", app.Logs.ToString);

        await client.DisposeAsync();

        await Deadline.For(_notes.Ended.Task, "the method's finally", app.Logs.ToString);
        await Deadline.For(_notes.Disconnected.Task, "the end of the connection", app.Logs.ToString);
        await call;
    }

    [Fact]
    public async Task Method_ItsHubIsHeld_CallsAreRefusedAndTheEndOfAConnectionIsNot()
    {
        var blocker = new Blocker();
        // Nobody asks for the application's health, and there is no other request: the calls themselves have the hub looked after
        await using var app = await TestApp.StartAsync(
            static app => app.MapHub<HeldHub>("/hub"),
            builder =>
            {
                builder.Services.AddSingleton(_notes).AddSingleton(blocker).AddSignalR();
                builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None);
            },
            ("GreenletBridge:Health:DegradedLag", "00:00:00.050"),
            ("GreenletBridge:Health:UnhealthyLag", "00:00:00.100"),
            ("GreenletBridge:Hubs:legacy:MaxBlockingTime", "01:00:00"));
        await using var holder = await Connections.ConnectAsync(app);
        await using var client = await Connections.ConnectAsync(app);
        var held = holder.InvokeAsync("Hold", TestContext.Current.CancellationToken);
        await Deadline.For(blocker.Begun, "the hub to be held", app.Logs.ToString);

        var refused = await Assert.ThrowsAsync<HubException>(() => CallAsync<string>(client, "Other"));
        Assert.Contains("What runs this method is blocked", refused.Message, StringComparison.Ordinal);
        var queued = _notes.Hub!.Snapshot().Queued;
        await client.DisposeAsync();
        await Deadline.Until(() => _notes.Hub.Snapshot().Queued > queued, "the end of the connection to wait for its turn", app.Logs.ToString);

        blocker.End();
        Assert.Equal("legacy", await Deadline.For(_notes.Disconnected.Task, "the application's cleanup", app.Logs.ToString));
        await Deadline.For(held, "the end of the first call");
    }

    [Fact]
    public async Task Start_MethodAsksForAnUnknownHub_FailsAndListsTheKnownOnes()
    {
        await using var app = TestApp.Create(static app => app.MapHub<WrongHub>("/hub"), static builder => builder.Services.AddSignalR());

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.App.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("'WrongHub.Where': There is no hub named 'nope'; known hubs: legacy.", exception.Message, StringComparison.Ordinal);
    }

    private sealed class AsHttp2(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Version = System.Net.HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            return base.SendAsync(request, cancellationToken);
        }
    }

    private static Task<T> CallAsync<T>(HubConnection client, string method) =>
        Deadline.For(client.InvokeAsync<T>(method, TestContext.Current.CancellationToken), $"the answer of {method}");

    private Task<TestApp> StartAsync(Action<WebApplication> map) => TestApp.StartAsync(map, builder =>
    {
        builder.Services.AddSingleton(_notes);
        builder.Services.AddSingleton<NotingFilter>();
        builder.Services.AddSignalR(static options => options.AddFilter<NotingFilter>());
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None);
    });
}
