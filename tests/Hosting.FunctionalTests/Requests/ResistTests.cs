using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>Handlers that go on after their kill, and what of them the rest of the server sees.</summary>
public class ResistTests
{
    [Fact]
    public async Task RequestTimeout_HandlerGoesOn_NeverMeetsTheNextRequestOfItsConnection()
    {
        var inFinally = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var seen = new TaskCompletionSource<string>();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/slow", string (HttpContext context) =>
                {
                    try
                    {
                        new TaskCompletionSource().Task.Wait();
                    }
                    catch (GreenletExitException)
                    {
                        // It was told to go, and goes on
                    }

                    inFinally.SetResult();
                    gate.Task.Wait();
                    context.Response.Headers["X-Left-Over"] = "yes";
                    seen.SetResult(context.Request.Path);
                    return "left over";
                }).RunInGreenlet().WithRequestTimeout(TimeSpan.FromMilliseconds(300));
                app.MapGet("/next", static (HttpContext context) => $"next {context.Request.Path} {context.Response.Headers["X-Left-Over"]}").RunInGreenlet();
            },
            builder => builder.Services.AddRequestTimeouts(),
            ("GreenletBridge:Requests:KillTimeout", "00:01:00"));
        using var connection = new RawConnection(app.Client.BaseAddress!);

        // Two requests in a row on one connection, the second sent while the first resists
        await connection.SendAsync("/slow");
        await Deadline.For(inFinally.Task, "the kill", app.Logs.ToString);
        await connection.SendAsync("/next");
        var first = connection.ReadAsync();
        Assert.False(first.IsCompleted);
        gate.SetResult();

        // It caught its kill and ended with an answer of its own: that is the answer, and the next has its own
        var (status, body) = await first;
        Assert.Equal(("HTTP/1.1 200 OK", "left over"), (status, body));
        Assert.Equal("/slow", await Deadline.For(seen.Task, "what it saw"));
        Assert.Equal(("HTTP/1.1 200 OK", "next /next "), await connection.ReadAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task KillTimeout_HandlerResists_IsReportedAndItsConnectionAborted(int protocol)
    {
        var gate = new TaskCompletionSource();
        var path = new TaskCompletionSource<string>();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/resists", void (HttpContext context) =>
                {
                    using (Greenlet.Shield())
                    {
                        gate.Task.Wait();
                    }

                    path.SetResult(context.Request.Path);
                }).RunInGreenlet().WithRequestTimeout(TimeSpan.FromMilliseconds(50));
                app.MapGet("/other", WhereAmI.Hub).RunInGreenlet();
            },
            builder => builder.Services.AddRequestTimeouts(),
            ("GreenletBridge:Requests:KillTimeout", "00:00:00.100"));
        await app.GetAsync("/other", app.ClientOf(protocol));

        // Its answer never comes: the connection, or its stream, ends instead
        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => Deadline.For(app.ClientOf(protocol).GetAsync("/resists", TestContext.Current.CancellationToken), "the abort", app.Logs.ToString));

        var report = Assert.Single(app.Logs.Named("ResistsKill"));
        Assert.Contains("HTTP: GET /resists", report.Message, StringComparison.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            await app.GetAsync("/other", app.ClientOf(protocol));
        }

        gate.SetResult();
        // Twenty others have been served: its context is still its own
        Assert.Equal("/resists", await Deadline.For(path.Task, "what it saw"));
        await Deadline.Until(() => app.Logs.Named("ResistedKillEnded").Any(), "the report of its end", app.Logs.ToString);
    }

    [Theory]
    [InlineData("Once", 0)]
    [InlineData("EveryWait", 504)]
    public async Task KillPersistence_HandlerCatchesEverything_OnlyEveryWaitEndsIt(string persistence, int expected)
    {
        var caught = 0;
        Exception? other = null;
        var second = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/", () =>
                {
                    for (var i = 0; i < 2; i++)
                    {
                        try
                        {
                            new TaskCompletionSource().Task.Wait();
                        }
                        catch (OperationCanceledException)
                        {
                            caught++;
                            if (persistence == "Once")
                                break;
                        }
                        catch (Exception e)
                        {
                            other = e;
                            throw;
                        }
                    }

                    second.SetResult();
                    gate.Task.Wait();
                }).RunInGreenlet().WithRequestTimeout(TimeSpan.FromSeconds(1)); // Long enough for the handler to begin on a busy machine.
            },
            builder => builder.Services.AddRequestTimeouts(),
            ("GreenletBridge:Requests:KillPersistence", persistence));

        var answer = app.Client.GetAsync("/", TestContext.Current.CancellationToken);
        await Deadline.For(second.Task, "the third wait", () => $"caught {caught} kills, and {other}\n{app.Logs}");
        if (expected == 0)
        {
            gate.SetResult();
        }

        using var response = await Deadline.For(answer, "the answer", app.Logs.ToString);

        Assert.Equal(expected == 0 ? HttpStatusCode.OK : (HttpStatusCode)expected, response.StatusCode);
        Assert.Equal(expected == 0 ? 1 : 2, caught);
    }
}
