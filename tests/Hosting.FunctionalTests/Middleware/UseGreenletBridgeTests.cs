using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting.FunctionalTests.Middleware;

public class UseGreenletBridgeTests
{
    [Fact]
    public async Task UseGreenletBridge_EndpointWithTheAttribute_RunsIt()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseGreenletBridge();
            app.MapGet("/on", [RunInGreenlet] () => WhereAmI.Hub());
            app.MapGet("/named", [RunInGreenlet(Hub = "legacy")] () => WhereAmI.Hub());
            app.MapGet("/off", WhereAmI.Hub);
        });

        Assert.StartsWith("requests-", await app.GetAsync("/on"), StringComparison.Ordinal);
        Assert.Equal("legacy", await app.GetAsync("/named"));
        Assert.Equal("none", await app.GetAsync("/off"));
    }

    [Fact]
    public async Task UseGreenletBridge_All_RunsWhatIsNotDisabledAndTheMiddlewareAfterIt()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseGreenletBridge(all: true);
            app.MapGet("/plain", WhereAmI.Hub);
            app.MapGet("/off", [DisableGreenlet] () => WhereAmI.Hub());
            app.Run(context => context.Response.WriteAsync(WhereAmI.Hub()));
        });

        Assert.StartsWith("requests-", await app.GetAsync("/plain"), StringComparison.Ordinal);
        Assert.StartsWith("requests-", await app.GetAsync("/no/endpoint"), StringComparison.Ordinal);
        Assert.Equal("none", await app.GetAsync("/off"));
    }

    [Fact]
    public async Task UseGreenletBridge_AllOnABranch_LeavesTheRestAlone()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.Map("/branch", branch => branch.UseGreenletBridge(all: true).Run(context => context.Response.WriteAsync(WhereAmI.Hub())));
            app.MapGet("/plain", WhereAmI.Hub);
        });

        Assert.StartsWith("requests-", await app.GetAsync("/branch"), StringComparison.Ordinal);
        Assert.Equal("none", await app.GetAsync("/plain"));
    }

    [Fact]
    public async Task UseGreenletBridge_AppliedTwiceAndOnTheEndpointToo_RunsOnce()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseGreenletBridge(all: true);
            app.UseGreenletBridge();
            app.UseGreenletBridge(all: true);
            app.MapGet("/convention", WhereAmI.HowOften).RunInGreenlet();
            app.MapGet("/attribute", [RunInGreenlet] () => WhereAmI.HowOften());
        });

        Assert.Equal("once", await app.GetAsync("/convention"));
        Assert.Equal("once", await app.GetAsync("/attribute"));
    }

    [Fact]
    public async Task UseGreenletBridge_AllBeforeRouting_StillRunsANamedEndpointOnItsHub()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseGreenletBridge(all: true);
            app.UseRouting();
            app.MapGet("/named", WhereAmI.Hub).RunInGreenlet("legacy");
            app.MapGet("/plain", WhereAmI.HowOften).RunInGreenlet();
        });

        Assert.Equal("legacy", await app.GetAsync("/named"));
        Assert.Equal("once", await app.GetAsync("/plain"));
    }

    [Fact]
    public async Task UseGreenletBridge_WithoutAddGreenletBridge_NamesTheMissingCall()
    {
        await using var app = WebApplication.CreateBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.UseGreenletBridge());

        Assert.Contains("UseGreenletBridge needs", exception.Message, StringComparison.Ordinal);
        Assert.Contains("services.AddGreenletBridge()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AttributeWithoutTheMiddleware_FailsAndNamesEndpointAndCall()
    {
        await using var app = TestApp.Create(app => app.MapGet("/orphan", [RunInGreenlet] () => WhereAmI.Hub()));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.App.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Endpoint 'HTTP: GET /orphan", exception.Message, StringComparison.Ordinal);
        Assert.Contains("app.UseGreenletBridge()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AttributeWithAnUnknownHub_FailsAndListsTheKnownOnes()
    {
        await using var app = TestApp.Create(app =>
        {
            app.UseGreenletBridge();
            app.MapGet("/x", [RunInGreenlet(Hub = "nope")] () => WhereAmI.Hub());
        });

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.App.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("no hub named 'nope'; known hubs: legacy.", exception.Message, StringComparison.Ordinal);
    }
}
