using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Endpoints;

public class RunHandlerInGreenletTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RunHandlerInGreenlet_OnAnEndpoint_RunsTheHandlerAndTheFiltersAddedAfter(int protocol)
    {
        var before = "";
        var after = "";
        await using var app = await TestApp.StartAsync(app => app.MapGet("/", () => new TellingResult(WhereAmI.Hub()))
            .AddEndpointFilter((context, next) =>
            {
                before = WhereAmI.Hub();
                return next(context);
            })
            .RunHandlerInGreenlet()
            .AddEndpointFilter((context, next) =>
            {
                after = WhereAmI.Hub();
                return next(context);
            }));

        var answer = await app.GetAsync("/", app.ClientOf(protocol));

        Assert.StartsWith("handler requests-", answer, StringComparison.Ordinal);
        Assert.EndsWith("result none", answer, StringComparison.Ordinal);
        Assert.Equal("none", before);
        Assert.StartsWith("requests-", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunHandlerInGreenlet_OnGroupsAndControllers_RunsEachHandlerOnce()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                var group = app.MapGroup("/group").RunHandlerInGreenlet();
                group.MapGet("/once", WhereAmI.HowOften).RunHandlerInGreenlet();
                group.MapGet("/named", WhereAmI.Hub).RunHandlerInGreenlet("legacy");
                group.MapGet("/whole", WhereAmI.HowOften).RunInGreenlet();
                group.MapGet("/off", WhereAmI.Hub).DisableGreenlet();
                app.MapControllers().RunHandlerInGreenlet();
            },
            builder => builder.Services.AddControllers().AddApplicationPart(typeof(PlainController).Assembly)
                .ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new OnlyController<PlainController>())));

        Assert.Equal("once", await app.GetAsync("/group/once"));
        Assert.Equal("legacy", await app.GetAsync("/group/named"));
        Assert.Equal("once", await app.GetAsync("/group/whole"));
        Assert.Equal("none", await app.GetAsync("/group/off"));
        Assert.StartsWith("requests-", await app.GetAsync("/plain-controller/where"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RunHandlerInGreenlet_RequestTimeout_KillsTheHandlerAndAnswers504(int protocol)
    {
        var running = 0;
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/", string () =>
                {
                    try
                    {
                        running++;
                        new TaskCompletionSource().Task.Wait();
                        return "";
                    }
                    finally
                    {
                        running--;
                    }
                }).RunHandlerInGreenlet().WithRequestTimeout(TimeSpan.FromMilliseconds(50));
            },
            builder => builder.Services.AddRequestTimeouts());

        using var response = await Deadline.For(app.ClientOf(protocol).GetAsync("/", TestContext.Current.CancellationToken), "the answer", app.Logs.ToString);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        // None if the time was up before it began
        Assert.Equal(0, running);
    }

    [Fact]
    public async Task RunHandlerInGreenlet_UnknownHub_FailsTheStartAndListsTheKnownOnes()
    {
        await using var app = TestApp.Create(app => app.MapGet("/x", WhereAmI.Hub).RunHandlerInGreenlet("legcy"));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.App.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("no hub named 'legcy'; known hubs: legacy.", exception.Message, StringComparison.Ordinal);
    }
}
