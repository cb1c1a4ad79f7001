using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Background;

public class GreenletBackgroundServiceTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("legacy")]
    public async Task Execute_RunsInAGreenletAndReturnsWhenTheHostStops(string? hub)
    {
        var orders = new WorkerOrders { HeedsToken = true };
        await using var app = await StartAsync(orders, hub, "00:00:20");

        await app.StopAsync();

        Assert.StartsWith(hub ?? "requests-", orders.Hub, StringComparison.Ordinal);
        Assert.True(orders.Returned);
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Stop_WorkDoesNotHeedItsToken_IsKilledAtTheEndOfTheDrain()
    {
        var orders = new WorkerOrders();
        await using var app = await StartAsync(orders, hub: null, "00:00:00.200");

        await app.StopAsync();

        Assert.True(orders.Ended.Task.IsCompleted);
        Assert.False(orders.Returned);
        Assert.Contains("Worker", Assert.Single(app.Logs.Named("GreenletKilledAtStop")).Message, StringComparison.Ordinal);
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Stop_KillOnStop_EndsItWithoutWaitingForTheDrain()
    {
        var orders = new WorkerOrders { KillOnStop = true };
        await using var app = await StartAsync(orders, hub: null, "00:00:20");

        await app.StopAsync();

        Assert.True(orders.Ended.Task.IsCompleted);
        Assert.Empty(app.Logs.Named("DrainTimedOut"));
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Execute_Throws_StopsTheHostAsAnyBackgroundService()
    {
        var orders = new WorkerOrders { Throws = true };
        await using var app = TestApp.Create(static _ => { }, builder => builder.Services.AddSingleton(orders).AddHostedService<Worker>());
        var stopping = new TaskCompletionSource();
        app.App.Lifetime.ApplicationStopping.Register(stopping.SetResult);

        try
        {
            await Deadline.For(app.App.StartAsync(TestContext.Current.CancellationToken), "the start");
        }
        catch (OperationCanceledException)
        {
            // It may stop while it starts
        }

        await Deadline.For(stopping.Task, "the stop", app.Logs.ToString);
        Assert.Contains(app.Logs.Entries, static entry => entry.Exception is InvalidDataException);
    }

    private static async Task<TestApp> StartAsync(WorkerOrders orders, string? hub, string drain)
    {
        var app = await TestApp.StartAsync(
            static _ => { },
            builder => builder.Services.AddHostedService(services => new Worker(
                hub is null ? services.GetRequiredService<IGreenletBridge>() : services.GetRequiredKeyedService<IGreenletBridge>(hub), orders)),
            ("GreenletBridge:DrainTimeout", drain));
        await Deadline.For(orders.Begun.Task, "the worker's begin", app.Logs.ToString);
        return app;
    }
}
