using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.HealthChecks;

public class HookSelfTestTests
{
    [Fact]
    public async Task Start_HookIsNotCalled_IsLoggedAndUnhealthyAndRequestsAreServed()
    {
        // A hub that something holds throughout the test of its start looks like one whose hook is not called
        var holder = new HoldsTheHub();
        await using var app = TestApp.Create(
            static app =>
            {
                app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready"), ResponseWriter = GreenletHealthResponse.WriteJson });
                app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("live") });
                app.MapGet("/", WhereAmI.Hub).RunInGreenlet("legacy");
            },
            builder =>
            {
                builder.Services.AddHealthChecks().AddGreenletHub();
                builder.Services.Insert(0, ServiceDescriptor.Singleton<Microsoft.Extensions.Hosting.IHostedService>(holder));
                builder.Services.AddSingleton(holder);
            },
            ("GreenletBridge:Hubs:legacy:StrictExclusive", "true"));
        holder.Bridge = app.App.Services.GetRequiredKeyedService<IGreenletBridge>("legacy");

        await Deadline.For(app.App.StartAsync(TestContext.Current.CancellationToken), "the start", app.Logs.ToString);
        holder.End();
        app.Client.BaseAddress = new Uri(app.App.Urls.First());

        Assert.Equal("legacy", Assert.Single(app.Logs.Named("HookNotCalled"))["Hub"]);
        using var ready = await Deadline.For(app.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken), "the report");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("legacy: the wait hook was not called at start", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var live = await Deadline.For(app.Client.GetAsync("/health/live", TestContext.Current.CancellationToken), "the report");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("legacy", await app.GetAsync("/"));
    }
}
