using System.Net;
using System.Text;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace GreenletBridge.Hosting.FunctionalTests.Mvc;

public class BlockingMvcTests
{
    private static readonly string[] _around =
        ["authorization", "resource", "action before", "action", "action after", "result before", "result after", "resource after"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Action_FiltersBinderAndResultBlock_AllRunInOneGreenlet(int protocol)
    {
        var trace = new Trace();
        await using var app = await MvcApp.StartAsync(trace, app => app.MapControllers().RunInGreenlet());

        Assert.Equal("bound", await app.GetAsync("/blocking/result/x", app.ClientOf(protocol)));

        AssertOneGreenlet(trace, [.. _around, "binder", "result"]);
    }

    [Fact]
    public async Task Action_ViewBlocks_IsRenderedInTheGreenlet()
    {
        var trace = new Trace();
        await using var app = await MvcApp.StartAsync(trace, app => app.MapControllers().RunInGreenlet());

        Assert.StartsWith("view requests-", (await app.GetAsync("/blocking/view")).Trim(), StringComparison.Ordinal);

        AssertOneGreenlet(trace, [.. _around.Except(["action"]), "view"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Action_BodyComesLate_IsStillInTheGreenletAfterReadingIt(int protocol)
    {
        var trace = new Trace();
        await using var app = await MvcApp.StartAsync(trace, app => app.MapControllers().RunInGreenlet());
        using var body = new GatedContent("""{ "name": """, "\"late\" }");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/blocking/body") { Content = body, Version = app.ClientOf(protocol).DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var answer = app.ClientOf(protocol).SendAsync(request, TestContext.Current.CancellationToken);
        // The formatter waits for the rest by then: the stage before it has run
        await Deadline.Until(() => trace.Stages.Any(static stage => stage.Stage == "resource"), "the filter before the body", app.Logs.ToString);
        body.Open();

        using var response = await Deadline.For(answer, "the answer", app.Logs.ToString);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("requests-", text, StringComparison.Ordinal);
        Assert.EndsWith("late", text, StringComparison.Ordinal);
        AssertOneGreenlet(trace, _around);
    }

    [Fact]
    public async Task Action_Throws_RunsTheExceptionFilterInTheGreenlet()
    {
        var trace = new Trace();
        await using var app = await MvcApp.StartAsync(trace, app => app.MapControllers().RunInGreenlet());

        using var response = await Deadline.For(app.Client.GetAsync("/blocking/throw", TestContext.Current.CancellationToken), "the answer");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        AssertOneGreenlet(trace, ["authorization", "resource", "action before", "action", "action after", "exception", "resource after"]);
    }

    internal static void AssertOneGreenlet(Trace trace, string[] stages)
    {
        Assert.Equal(stages.Order(), trace.Stages.Select(static stage => stage.Stage).Order());
        Assert.StartsWith("requests-", Assert.Single(trace.Stages.Select(static stage => stage.Hub).Distinct()), StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(trace.Stages.Select(static stage => stage.Greenlet).Distinct()));
    }
}
