using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

public class ContextFlowTests
{
    private static readonly AsyncLocal<string?> _local = new();

    [Fact]
    public async Task AsyncLocal_SetByAMiddleware_ReachesTheHandlerAndDoesNotLeakBack()
    {
        string? after = null;
        await using var app = await TestApp.StartAsync(app =>
        {
            app.Use(async (context, next) =>
            {
                _local.Value = "outer";
                await next(context);
                after = _local.Value;
            });
            app.MapGet("/", () =>
            {
                var seen = _local.Value;
                _local.Value = "inner";
                return seen;
            }).RunInGreenlet();
        });

        Assert.Equal("outer", await app.GetAsync("/"));
        Assert.Equal("outer", after);
    }

    [Fact]
    public async Task HttpContextAccessor_InAGreenlet_GivesTheRequestBeforeAndAfterAWait()
    {
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/{id}", (IHttpContextAccessor accessor) =>
            {
                var before = accessor.HttpContext!.Request.Path;
                Task.Run(static () => { }).Wait();
                return $"{before} {accessor.HttpContext!.Request.Path}";
            }).RunInGreenlet(),
            builder => builder.Services.AddHttpContextAccessor());

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => app.GetAsync($"/{i}")));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"/{i} /{i}"), answers);
    }

    [Fact]
    public async Task Activity_OfTheRequest_IsCurrentInTheHandler()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        string? outside = null;
        await using var app = await TestApp.StartAsync(app =>
        {
            app.Use((context, next) =>
            {
                outside = Activity.Current?.Id;
                return next(context);
            });
            app.MapGet("/", () => Activity.Current?.Id).RunInGreenlet();
        });

        var inside = await app.GetAsync("/");

        Assert.NotNull(outside);
        Assert.Equal(outside, inside);
    }

    [Fact]
    public async Task LogScope_OpenedByAMiddleware_IsOnTheHandlersEntries()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.Use(async (context, next) =>
            {
                using var scope = app.Logger.BeginScope("scope of the request");
                await next(context);
            });
            app.MapGet("/", () => app.Logger.Log(LogLevel.Information, new EventId(1, "FromHandler"), "here", null, static (state, _) => state)).RunInGreenlet();
        });

        await app.GetAsync("/");

        Assert.Contains(Assert.Single(app.Logs.Named("FromHandler")).Scopes, scope => scope?.ToString() == "scope of the request");
    }
}
