using GreenletBridge.Hosting.FunctionalTests.Mvc;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Endpoints;

/// <summary>Every form of a handler and of a mark in one application, asked over each protocol, on each loop.</summary>
public class EveryShapeTests
{
    private static readonly (string Path, string Expected)[] _paths =
    [
        ("/endpoint", "requests-"),
        ("/endpoint/async", "requests-"),
        ("/delegate", "requests-"),
        ("/handler", "requests-"),
        ("/group/member", "requests-"),
        ("/group/off", "none"),
        ("/named", "legacy"),
        ("/lane", "requests-"),
        ("/attribute", "requests-"),
        ("/attribute/named", "legacy"),
        ("/controller/on", "requests-"),
        ("/controller/named", "legacy"),
        ("/controller/off", "none"),
        ("/pages/marked", "legacy"),
        ("/old", "requests-"),
        ("/branch/anything", "requests-"),
        ("/unmarked", "none"),
    ];

    [Theory]
    [InlineData(1, HubLoop.Threads)]
    [InlineData(2, HubLoop.Threads)]
    [InlineData(1, HubLoop.Scheduler)]
    [InlineData(2, HubLoop.Scheduler)]
    public async Task Get_EachShape_RunsWhereItsMarkSays(int protocol, HubLoop loop)
    {
        await using var app = await TestApp.StartAsync(
            Map,
            static builder =>
            {
                builder.Services.AddSingleton(new Trace());
                builder.Services.AddRazorPages();
                builder.Services.AddControllers().AddApplicationPart(typeof(LegacyController).Assembly)
                    .ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new OnlyController<LegacyController>()));
            },
            ("GreenletBridge:Requests:Loop", loop.ToString()),
            ("GreenletBridge:Hubs:legacy:Loop", loop.ToString()));

        // More than once: what is known of an endpoint decides how it begins
        for (var round = 0; round < 3; round++)
        {
            var answers = await Deadline.For(Task.WhenAll(_paths.Select(one => app.GetAsync(one.Path, app.ClientOf(protocol)))), "all answers", app.Logs.ToString);
            foreach (var ((path, expected), answer) in _paths.Zip(answers))
            {
                Assert.True(answer.Trim().StartsWith(expected, StringComparison.Ordinal), $"{path}: {answer}");
            }
        }

        app.AssertNoErrors();
    }

    private static void Map(WebApplication app)
    {
        app.Map("/branch", static branch => branch.UseGreenletBridge(all: true).Run(static context => context.Response.WriteAsync(Block())));
        app.UseRouting();
        app.UseGreenletBridge();
        app.MapGet("/endpoint", Block).RunInGreenlet();
        app.MapGet("/endpoint/async", BlockLaterAsync).RunInGreenlet();
        app.MapGet("/delegate", static Task (HttpContext context) => context.Response.WriteAsync(Block())).RunInGreenlet();
        app.MapGet("/handler", Block).RunHandlerInGreenlet();
        var group = app.MapGroup("/group").RunInGreenlet();
        group.MapGet("/member", Block);
        group.MapGet("/off", [DisableGreenlet] () => WhereAmI.Hub());
        app.MapGet("/named", Block).RunInGreenlet("legacy");
        app.MapGet("/lane", Block).RunInGreenlet(lane: static context => context.Connection.Id);
        app.MapGet("/attribute", [RunInGreenlet] () => Block());
        app.MapGet("/attribute/named", [RunInGreenlet(Hub = "legacy")] () => Block());
        app.MapControllers();
        app.MapRazorPages();
        app.MapBlocking("/old", static context => context.Response.Body.Write(System.Text.Encoding.UTF8.GetBytes(Block())));
        app.MapGet("/unmarked", WhereAmI.Hub);
    }

    private static string Block()
    {
        Task.Run(static () => Thread.Yield()).Wait();
        return WhereAmI.Hub();
    }

    private static async Task<string> BlockLaterAsync()
    {
        await Task.Yield();
        return Block();
    }
}
