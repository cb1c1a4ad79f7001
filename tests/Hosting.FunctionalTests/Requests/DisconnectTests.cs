using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

public class DisconnectTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disconnect_HandlerWaits_KillsItRunsItsFinallyAndLogsNoError(bool isAsync)
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapGet("/sync", () =>
            {
                try
                {
                    begun.SetResult();
                    never.Task.Wait();
                }
                finally
                {
                    ended.SetResult();
                }
            }).RunInGreenlet();
            app.MapGet("/async", async (CancellationToken aborted) =>
            {
                try
                {
                    begun.SetResult();
                    await never.Task.WaitAsync(aborted);
                }
                finally
                {
                    ended.SetResult();
                }
            }).RunInGreenlet();
        });

        await CallAndLeaveAsync(app, isAsync ? "/async" : "/sync", begun.Task);

        await Deadline.For(ended.Task, "the handler's finally", app.Logs.ToString);
        await app.StopAsync();
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Disconnect_HandlerResists_RequestEndsOnlyWithItsGreenlet()
    {
        var begun = new TaskCompletionSource();
        var inFinally = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var requestEnded = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(app =>
        {
            app.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                finally
                {
                    requestEnded.SetResult();
                }
            });
            app.MapGet("/", () =>
            {
                try
                {
                    begun.SetResult();
                    new TaskCompletionSource().Task.Wait();
                }
                finally
                {
                    inFinally.SetResult();
                    gate.Task.Wait();
                }
            }).RunInGreenlet();
        });

        await CallAndLeaveAsync(app, "/", begun.Task);
        await Deadline.For(inFinally.Task, "the handler's finally", app.Logs.ToString);

        Assert.False(requestEnded.Task.IsCompleted);
        gate.SetResult();
        await Deadline.For(requestEnded.Task, "the end of the request", app.Logs.ToString);
    }

    [Fact]
    public async Task Disconnect_KillOnDisconnectIsOff_LeavesTheHandlerAlone()
    {
        var begun = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var finished = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/", (HttpContext context) =>
            {
                context.RequestAborted.Register(aborted.SetResult);
                begun.SetResult();
                gate.Task.Wait();
                finished.SetResult();
            }).RunInGreenlet(),
            build: null,
            ("GreenletBridge:Requests:KillOnDisconnect", "false"));

        await CallAndLeaveAsync(app, "/", begun.Task);
        await Deadline.For(aborted.Task, "the abort", app.Logs.ToString);
        gate.SetResult();

        await Deadline.For(finished.Task, "the handler's end", app.Logs.ToString);
    }

    [Fact]
    public async Task Disconnect_KillOnDisconnectIsOffAndTheTokenIsReplaced_LeavesTheHandlerAlone()
    {
        var begun = new TaskCompletionSource();
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource();
        var finished = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                // What is registered first is called last: after all that follows from the client's leaving
                app.Use((context, next) =>
                {
                    context.RequestAborted.Register(aborted.SetResult);
                    return next();
                });
                app.UseGreenletBridge(all: true);

                // Makes a token of its own of the client's
                app.UseRequestTimeouts();
                app.MapGet("/", () =>
                {
                    begun.SetResult();
                    gate.Task.Wait();

                    // A kill that was late for the first wait is thrown by the second
                    new TaskCompletionSource().Task.Wait(1);
                    finished.SetResult();
                }).WithRequestTimeout(TimeSpan.FromMinutes(10));
            },
            builder => builder.Services.AddRequestTimeouts(),
            ("GreenletBridge:Requests:KillOnDisconnect", "false"));

        await CallAndLeaveAsync(app, "/", begun.Task);
        await Deadline.For(aborted.Task, "the abort", app.Logs.ToString);
        gate.SetResult();

        await Deadline.For(finished.Task, "the handler's end", app.Logs.ToString);
    }

    [Fact]
    public async Task RequestTimeout_HandlerWaits_KillsItAndAnswers504()
    {
        var running = 0;
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/", () =>
                {
                    try
                    {
                        running++;
                        new TaskCompletionSource().Task.Wait();
                    }
                    finally
                    {
                        running--;
                    }
                }).RunInGreenlet().WithRequestTimeout(TimeSpan.FromMilliseconds(50));
            },
            builder => builder.Services.AddRequestTimeouts());

        using var response = await Deadline.For(app.Client.GetAsync("/", TestContext.Current.CancellationToken), "the answer", app.Logs.ToString);

        Assert.Equal(StatusCodes.Status504GatewayTimeout, (int)response.StatusCode);
        // None if the time was up before it began
        Assert.Equal(0, running);
    }

    private static async Task CallAndLeaveAsync(TestApp app, string path, Task begun)
    {
        using var leave = new CancellationTokenSource();
        var call = app.Client.GetAsync(path, leave.Token);
        await Deadline.For(begun, "the handler's begin", app.Logs.ToString);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}
