using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Endpoints;

public class RunInGreenletTests
{
    [Fact]
    public async Task RunInGreenlet_OnAnEndpoint_RunsItOnARequestHub()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapGet("/greenlet", WhereAmI.Hub).RunInGreenlet();
            app.MapGet("/plain", WhereAmI.Hub);
        });

        Assert.StartsWith("requests-", await app.GetAsync("/greenlet"), StringComparison.Ordinal);
        Assert.Equal("none", await app.GetAsync("/plain"));
    }

    [Fact]
    public async Task RunInGreenlet_OnAGroup_RunsEachOfItsEndpoints()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            var group = app.MapGroup("/group").RunInGreenlet();
            group.MapGet("/a", WhereAmI.Hub);
            group.MapGroup("/inner").MapGet("/b", WhereAmI.Hub);
            app.MapGet("/outside", WhereAmI.Hub);
        });

        Assert.StartsWith("requests-", await app.GetAsync("/group/a"), StringComparison.Ordinal);
        Assert.StartsWith("requests-", await app.GetAsync("/group/inner/b"), StringComparison.Ordinal);
        Assert.Equal("none", await app.GetAsync("/outside"));
    }

    [Fact]
    public async Task RunInGreenlet_OnARequestDelegateOrWithAFilter_RunsAllOfIt()
    {
        var filter = "";
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapGet("/delegate", (RequestDelegate)(context => context.Response.WriteAsync(WhereAmI.Hub()))).RunInGreenlet();
            app.MapGet("/filtered", WhereAmI.Hub)
                .AddEndpointFilter((context, next) =>
                {
                    filter = WhereAmI.Hub();
                    return next(context);
                })
                .RunInGreenlet();
        });

        Assert.StartsWith("requests-", await app.GetAsync("/delegate"), StringComparison.Ordinal);
        Assert.Equal(await app.GetAsync("/filtered"), filter);
        Assert.StartsWith("requests-", filter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunInGreenlet_OnAnAsyncHandler_KeepsTheGreenletAcrossItsAwaits()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", async () =>
        {
            var before = Greenlet.Current;
            await Task.Yield();
            return before is not null && before == Greenlet.Current ? "same" : "other";
        }).RunInGreenlet());

        Assert.Equal("same", await app.GetAsync("/"));
    }

    [Fact]
    public async Task RunInGreenlet_WithAHub_RunsThereAndTheMostSpecificNameCounts()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapGet("/named", WhereAmI.Hub).RunInGreenlet("legacy");
            app.MapGroup("/group").RunInGreenlet().MapGet("/named", WhereAmI.Hub).RunInGreenlet("Legacy");
        });

        Assert.Equal("legacy", await app.GetAsync("/named"));
        Assert.Equal("legacy", await app.GetAsync("/group/named"));
    }

    [Fact]
    public async Task RunInGreenlet_OnGroupAndEndpoint_RunsOnce()
    {
        await using var app = await TestApp.StartAsync(app =>
            app.MapGroup("/group").RunInGreenlet().MapGet("/", WhereAmI.HowOften).RunInGreenlet().RunInGreenlet());

        Assert.Equal("once", await app.GetAsync("/group"));
    }

    [Fact]
    public async Task DisableGreenlet_OnEndpointOrGroup_BeatsRunInGreenlet()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseGreenletBridge();
            var group = app.MapGroup("/on").RunInGreenlet();
            group.MapGet("/attribute", [DisableGreenlet] () => WhereAmI.Hub());
            group.MapGet("/convention", WhereAmI.Hub).DisableGreenlet();
            group.MapGet("/both", [RunInGreenlet, DisableGreenlet] () => WhereAmI.Hub());
            app.MapGroup("/off").DisableGreenlet().MapGet("/", WhereAmI.Hub).RunInGreenlet();
        });

        Assert.Equal("none", await app.GetAsync("/on/attribute"));
        Assert.Equal("none", await app.GetAsync("/on/convention"));
        Assert.Equal("none", await app.GetAsync("/on/both"));
        Assert.Equal("none", await app.GetAsync("/off"));
    }

    [Fact]
    public async Task RunInGreenlet_UnknownHub_FailsTheStartAndListsTheKnownOnes()
    {
        await using var app = TestApp.Create(app => app.MapGet("/x", WhereAmI.Hub).RunInGreenlet("legcy"));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.App.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Endpoint 'HTTP: GET /x", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no hub named 'legcy'; known hubs: legacy.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunInGreenlet_WithoutAddGreenletBridge_NamesTheMissingCall()
    {
        await using var app = WebApplication.CreateBuilder().Build();
        app.MapGet("/x", WhereAmI.Hub).RunInGreenlet();

        var exception = Assert.Throws<InvalidOperationException>(() => ((IEndpointRouteBuilder)app).DataSources.Single().Endpoints);

        Assert.Contains("RunInGreenlet needs", exception.Message, StringComparison.Ordinal);
        Assert.Contains("services.AddGreenletBridge()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunInGreenlet_OnAnExclusiveHub_RunsOneRequestAtATime()
    {
        var running = 0;
        var most = 0;
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Thread.SpinWait(20_000);
            Interlocked.Decrement(ref running);
        }).RunInGreenlet("legacy"));

        await Deadline.For(Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.GetAsync("/"))), "50 requests");

        Assert.Equal(1, most);
    }
}
