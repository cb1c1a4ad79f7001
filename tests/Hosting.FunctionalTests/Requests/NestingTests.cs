using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>Sync → async → sync, five deep, from a controller; from a greenlet, a pool thread and a Main: tests/Core.Conformance.</summary>
public class NestingTests
{
    [Theory]
    [InlineData(HubLoop.Threads, true)]
    [InlineData(HubLoop.Threads, false)]
    [InlineData(HubLoop.Scheduler, true)]
    [InlineData(HubLoop.Scheduler, false)]
    public async Task FiveDeep_FromAController_GivesTheValue(HubLoop loop, bool bridged)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                var controllers = app.MapControllers();
                if (bridged)
                {
                    controllers.RunInGreenlet();
                }
            },
            static builder => builder.Services.AddControllers().AddApplicationPart(typeof(NestingController).Assembly)
                .ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new OnlyController<NestingController>())),
            ("GreenletBridge:Requests:Loop", loop.ToString()));

        var answers = await Deadline.For(
            Task.WhenAll(Enumerable.Range(0, 40).Select(i => app.GetAsync(i % 2 == 0 ? "/nesting/sync" : "/nesting/async"))), "all answers", app.Logs.ToString);

        // In a greenlet all of it stays on one hub; outside, what blocks finds one
        Assert.All(answers, answer => Assert.Matches(new Regex(bridged ? "^5 requests-[0-9]+$" : "^5 (none,)?requests-[0-9]+"), answer));
    }
}
