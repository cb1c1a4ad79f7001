using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting.FunctionalTests.Dashboard;

/// <summary>The status page without a browser: who sees it, and what it answers. The host's environment is Production.</summary>
public partial class MapGreenletDashboardTests
{
    private static readonly string[] _paths = ["", "/snapshot", "/assets/main.js", "/events", "/timeline?hub=legacy"];

    [Fact]
    public async Task Get_InProductionWithoutPolicy_IsNotFound()
    {
        await using var app = await TestApp.StartAsync(app => app.MapGreenletDashboard("/status"), builder => builder.Logging.SetMinimumLevel(LogLevel.Debug));

        foreach (var path in _paths)
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, path));
        Assert.Equal(5, app.Logs.Named("DashboardHidden").Select(entry => entry["Endpoint"]).Distinct().Count());
    }

    [Fact]
    public async Task Get_PolicyAndAllowAnonymous_IsNotFound()
    {
        await using var app = await StartAsync(page => page.RequireAuthorization("ops").AllowAnonymous());

        foreach (var path in _paths)
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, path, "operator"));
    }

    [Fact]
    public async Task Get_Policy_DecidesWhoSeesIt()
    {
        await using var app = await StartAsync(page => page.RequireAuthorization("ops"));

        foreach (var path in _paths)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, path));
        foreach (var path in _paths)
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(app, path, "somebody"));
        foreach (var path in _paths)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, path, "operator"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, "/assets/index.html", "operator"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, "/kill/1", "operator"));
    }

    [Fact]
    public async Task Get_Page_HasAStrictPolicyAndNoInlineCode()
    {
        await using var app = await StartAsync(page => page.RequireAuthorization("ops"));
        using var answer = await SendAsync(app, HttpMethod.Get, "", "operator");
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.Empty(InlineScript().Matches(html));
        Assert.Contains("src=\"/status/assets/main.js\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AssetThatTheBrowserHas_IsNotSentAgain()
    {
        await using var app = await StartAsync(page => page.RequireAuthorization("ops"));
        using var first = await SendAsync(app, HttpMethod.Get, "/assets/dashboard.css", "operator");

        using var again = new HttpRequestMessage(HttpMethod.Get, "/status/assets/dashboard.css");
        again.Headers.Add("X-User", "operator");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await app.Client.SendAsync(again, TestContext.Current.CancellationToken);

        Assert.Equal("text/css", first.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Kill_TokenIsMissing_IsRefusedAndWithItTheGreenletEnds()
    {
        await using var app = await StartAsync(
            page => page.RequireAuthorization("ops"), options => options.AllowKill = true, services => services.AddAntiforgery());
        var never = new TaskCompletionSource();
        var greenlet = app.App.Services.GetRequiredKeyedService<IGreenletBridge>("legacy").RunAsync(() => never.Task.Wait(TestContext.Current.CancellationToken));
        var id = await IdOfWaitingAsync(app);
        using var page = await SendAsync(app, HttpMethod.Get, "", "operator");
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var cookie = Assert.Single(page.Headers.GetValues("Set-Cookie")).Split(';')[0];

        using var without = await SendAsync(app, HttpMethod.Post, $"/kill/{id}", "operator");
        using var kill = new HttpRequestMessage(HttpMethod.Post, $"/status/kill/{id}");
        kill.Headers.Add("X-User", "operator");
        kill.Headers.Add("Cookie", cookie);
        kill.Headers.Add(Data("token-header").Match(html).Groups[1].Value, Data("token").Match(html).Groups[1].Value);
        using var with = await app.Client.SendAsync(kill, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, with.StatusCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.For(greenlet, "the killed greenlet"));
        Assert.Equal("operator", Assert.Single(app.Logs.Named("KilledFromDashboard"))["User"]);
    }

    [Fact]
    public async Task Map_KillWithoutAntiforgery_NamesTheFix()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestApp.StartAsync(app => app.MapGreenletDashboard(configure: options => options.AllowKill = true)));

        Assert.Contains("services.AddAntiforgery()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_WithoutServices_NamesTheFix()
    {
        using var app = WebApplication.CreateSlimBuilder().Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapGreenletDashboard());

        Assert.Contains("services.AddGreenletBridge()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_WorkThatKeepsBlocking_IsKnown()
    {
        await using var app = await StartAsync(page => page.RequireAuthorization("ops"));
        var bridge = app.App.Services.GetRequiredService<IGreenletBridge>();
        var json = "";

        for (var i = 0; i < 50 && !json.Contains("\"known\":[{", StringComparison.Ordinal); i++)
        {
#pragma warning disable RS0030 // The call that the watchdog is to find
            await Deadline.For(bridge.RunAsync(static () => Thread.Sleep(20), TestContext.Current.CancellationToken), "the sleeper");
#pragma warning restore RS0030
            using var answer = await SendAsync(app, HttpMethod.Get, "/snapshot", "operator");
            json = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        Assert.Matches("\"known\":\\[\\{\"work\":\"[^\"]*Snapshot_WorkThatKeepsBlocking[^\"]*\",\"hub\":\"requests-\\d\",\"knownFor\":[\\d.]+,\"detections\":\\d", json);
    }

    [Fact]
    public async Task Stop_AnOpenPage_DoesNotHoldItUp()
    {
        await using var app = await StartAsync(page => page.RequireAuthorization("ops"));
        using var events = await SendAsync(app, HttpMethod.Get, "/events", "operator");
        await using var stream = await events.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.Equal("event: history", await Deadline.For(reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), "the first event"));
        var feed = app.App.Services.GetServices<HubListener>().Single(listener => listener.GetType().Name == "DashboardFeed");
        Assert.Equal(HubEvents.Greenlets, feed.Wanted);

        await app.StopAsync();

        await Deadline.For(reader.ReadToEndAsync(TestContext.Current.CancellationToken), "the stream's end");
        await Deadline.Until(() => feed.Wanted == HubEvents.None, "a feed that nobody reads");
    }

    private static Task<TestApp> StartAsync(
        Action<IEndpointConventionBuilder> conventions, Action<GreenletDashboardOptions>? configure = null, Action<IServiceCollection>? services = null) => TestApp.StartAsync(
        app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            conventions(app.MapGreenletDashboard("/status", configure));
        },
        builder =>
        {
            builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null);
            builder.Services.AddAuthorizationBuilder().AddPolicy("ops", policy => policy.RequireUserName("operator"));
            services?.Invoke(builder.Services);
        });

    private static async Task<HttpStatusCode> StatusAsync(TestApp app, string path, string? user = null)
    {
        using var answer = await SendAsync(app, HttpMethod.Get, path, user);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(TestApp app, HttpMethod method, string path, string? user)
    {
        using var request = new HttpRequestMessage(method, "/status" + path);
        if (user is not null)
            request.Headers.Add("X-User", user);

        // Streams do not end: the headers are the answer
        return await Deadline.For(app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken), $"the answer of {path}");
    }

    private static async Task<long> IdOfWaitingAsync(TestApp app)
    {
        while (true)
        {
            using var answer = await SendAsync(app, HttpMethod.Get, "/snapshot", "operator");
            var match = Regex.Match(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "\"id\":(\\d+),\"hub\":\"legacy\"");
            if (match.Success)
                return long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static Regex Data(string name) => new($" data-{name}=\"([^\"]+)\"");

    [GeneratedRegex("<script(?![^>]* src=)[^>]*>", RegexOptions.CultureInvariant)]
    private static partial Regex InlineScript();

    private sealed class HeaderAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-User"].ToString() is { Length: > 0 } user
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], "test")), "test"))
                : AuthenticateResult.NoResult());
    }
}
