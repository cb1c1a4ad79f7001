using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>How requests end, on both protocols and both loops.</summary>
public class EndTests
{
    public static TheoryData<int, HubLoop> Matrix => new()
    {
        { 1, HubLoop.Threads }, { 2, HubLoop.Threads }, { 1, HubLoop.Scheduler }, { 2, HubLoop.Scheduler },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task ClientLeaves_HandlerWaits_FinallyRunsThenTheScopeIsDisposed(int protocol, HubLoop loop)
    {
        var probe = new ScopeProbe();
        var begun = new TaskCompletionSource();
        await using var app = await StartAsync(
            loop,
            app => app.MapGet("/", void (ScopedService scoped) =>
            {
                try
                {
                    begun.SetResult();
                    new TaskCompletionSource().Task.Wait();
                }
                finally
                {
                    // Waits too, as code that rolls back does
                    Task.Run(static () => Thread.Yield()).Wait();
                    scoped.Use("finally");
                }
            }).RunInGreenlet(),
            builder => builder.Services.AddSingleton(probe).AddScoped<ScopedService>());

        using (var leave = new CancellationTokenSource())
        {
            var call = app.ClientOf(protocol).GetAsync("/", leave.Token);
            await Deadline.For(begun.Task, "the handler's begin", app.Logs.ToString);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        await Deadline.For(probe.Disposed, "the end of the scope", app.Logs.ToString);
        Assert.Equal(["finally", "disposed"], probe.Events);
        await app.StopAsync();
        app.AssertNoErrors();
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task RequestTimeout_Attribute_KillsAndAnswers504AfterTheEnd(int protocol, HubLoop loop)
    {
        var probe = new ScopeProbe();
        await using var app = await StartAsync(
            loop,
            app =>
            {
                app.Use(async (context, next) =>
                {
                    context.Response.OnStarting(() =>
                    {
                        probe.Events.Enqueue("answer");
                        return Task.CompletedTask;
                    });
                    await next(context);
                });
                app.UseRequestTimeouts();
                app.MapGet("/", [RequestTimeout(400)] void (ScopedService scoped) =>
                {
                    try
                    {
                        new TaskCompletionSource().Task.Wait();
                    }
                    finally
                    {
                        Task.Run(static () => Thread.Yield()).Wait();
                        scoped.Use("finally");
                    }
                }).RunInGreenlet();
            },
            builder => builder.Services.AddRequestTimeouts().AddSingleton(probe).AddScoped<ScopedService>());

        using var response = await Deadline.For(app.ClientOf(protocol).GetAsync("/", TestContext.Current.CancellationToken), "the answer", app.Logs.ToString);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        await Deadline.For(probe.Disposed, "the end of the scope", app.Logs.ToString);
        Assert.Equal(["finally", "answer", "disposed"], probe.Events);
        app.AssertNoErrors();
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task RequestTimeout_MiddlewareInsideTheGreenlet_KillsAsWell(int protocol, HubLoop loop)
    {
        await using var app = await StartAsync(
            loop,
            app =>
            {
                // The greenlet begins before the timeout is set
                app.UseGreenletBridge(all: true);
                app.UseRequestTimeouts();
                app.MapGet("/", void () => new TaskCompletionSource().Task.Wait()).WithRequestTimeout(TimeSpan.FromMilliseconds(100));
            },
            builder => builder.Services.AddRequestTimeouts());

        using var response = await Deadline.For(app.ClientOf(protocol).GetAsync("/", TestContext.Current.CancellationToken), "the answer", app.Logs.ToString);

        Assert.True(response.StatusCode == HttpStatusCode.GatewayTimeout, $"{response.StatusCode}\n{app.Logs}");
        app.AssertNoErrors();
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task RequestTimeout_EndpointThatWasShortForLong_IsKilledThoughItRunsInPlace(int protocol, HubLoop loop)
    {
        var hangs = false;
        var inPlace = 0;
        await using var app = await StartAsync(
            loop,
            app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/", () =>
                {
                    if (Thread.CurrentThread.IsThreadPoolThread)
                    {
                        inPlace++;
                    }

                    if (Volatile.Read(ref hangs))
                    {
                        new TaskCompletionSource().Task.Wait();
                    }
                }).RunInGreenlet().WithRequestTimeout(TimeSpan.FromSeconds(2));
            },
            builder => builder.Services.AddRequestTimeouts());
        // Trusted after some runs that are short, which on a busy machine not each of them is
        for (var i = 0; i < 5_000 && inPlace < 20; i++)
        {
            await app.GetAsync("/", app.ClientOf(protocol));
        }

        Volatile.Write(ref hangs, true);
        using var response = await Deadline.For(app.ClientOf(protocol).GetAsync("/", TestContext.Current.CancellationToken), "the answer", app.Logs.ToString);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.InRange(inPlace, 20, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Throw_InTheHandler_DisposesTheScopeAfterIt(int protocol, HubLoop loop)
    {
        var probe = new ScopeProbe();
        await using var app = await StartAsync(
            loop,
            app => app.MapGet("/", string (ScopedService scoped) =>
            {
                scoped.Use("handler");
                throw new InvalidDataException("broken");
            }).RunInGreenlet(),
            builder => builder.Services.AddSingleton(probe).AddScoped<ScopedService>());

        using var response = await Deadline.For(app.ClientOf(protocol).GetAsync("/", TestContext.Current.CancellationToken), "the answer", app.Logs.ToString);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await Deadline.For(probe.Disposed, "the end of the scope", app.Logs.ToString);
        Assert.Equal(["handler", "disposed"], probe.Events);
    }

    private static Task<TestApp> StartAsync(HubLoop loop, Action<WebApplication> map, Action<WebApplicationBuilder>? build = null) =>
        TestApp.StartAsync(map, build, ("GreenletBridge:Requests:Loop", loop.ToString()));
}
