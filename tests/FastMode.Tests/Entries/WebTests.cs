using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Entries;

/// <summary>Where requests enter woven code: handlers and actions, without a change in them.</summary>
public sealed class WebTests : IAsyncLifetime
{
    private static readonly Lazy<Assembly> _code = new(static () => WovenSet.Make(CaseAssembly.SourceOf("Web.cs"), "WebCode").Assembly);
    private readonly HttpClient _client = new();
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var web = _code.Value.GetType("Web", throwOnError: true)!;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddGreenletBridge();
        web.GetMethod("Build")!.Invoke(null, [builder]);
        _app = builder.Build();
        web.GetMethod("Map")!.Invoke(null, [_app]);
        await Deadline.For(_app.StartAsync(TestContext.Current.CancellationToken), "the start");
        _client.BaseAddress = new Uri(_app.Urls.First());
    }

    [Theory]
    [InlineData("/static?n=5", "woven5")]
    [InlineData("/captured/6", "capturedwoven6")]
    [InlineData("/any", "capturedwoven")]
    [InlineData("/blocking", "capturedwoven")]
    [InlineData("/things/text/7", "woven7")]
    [InlineData("/things/object", "{\"mode\":\"woven\",\"n\":4}")]
    [InlineData("/things/plain", "plain")]
    [InlineData("/things/async", "plain")]
    [InlineData("/things/task", "plain")]
    [InlineData("/task", "plain")]
    [InlineData("/shelf", "<p>woven3</p>")]
    [InlineData("/shelf?n=5", "<p>woven5</p>")]
    [InlineData("/shelf?handler=content&n=6", "woven6")]
    [InlineData("/shelf?handler=null", "<p>nullwoven</p>")]
    [InlineData("/shelf?handler=same", "<p>samewoven</p>")]
    [InlineData("/shelf?handler=later", "<p>plain</p>")]
    public async Task Get_OfAHandler_RunsItsWovenForm(string path, string expected)
    {
        Assert.Equal(expected, await Deadline.For(_client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken), "the answer"));
    }

    [Theory]
    [InlineData("/things/text/1", HttpStatusCode.OK, "False ObjectResult ")]
    [InlineData("/things/missing", HttpStatusCode.NotFound, "False NotFoundObjectResult ")]
    [InlineData("/things/nothing", HttpStatusCode.OK, "False EmptyResult ")]
    [InlineData("/things/throws", HttpStatusCode.InternalServerError, null)]
    [InlineData("/things/null", HttpStatusCode.InternalServerError, null)]
    [InlineData("/throws", (HttpStatusCode)418, null)]
    [InlineData("/shelf", HttpStatusCode.OK, "False PageResult ")]
    [InlineData("/shelf?handler=content", HttpStatusCode.OK, "False ContentResult ")]
    [InlineData("/shelf?handler=missing", HttpStatusCode.NotFound, "False NotFoundResult ")]
    [InlineData("/shelf?handler=throws", HttpStatusCode.InternalServerError, null)]
    public async Task Get_OfAnActionOrPage_LooksToItsFiltersAsPlain(string path, HttpStatusCode status, string? executed)
    {
        using var response = await Deadline.For(_client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken), "the answer");

        Assert.Equal(status, response.StatusCode);
        if (executed is not null)
            Assert.Equal(executed.Trim(), response.Headers.GetValues("Executed").Single().Trim());
        if (path.EndsWith("nothing", StringComparison.Ordinal))
            Assert.Equal("woven", response.Headers.GetValues("Mode").Single());
    }

    [Fact]
    public async Task StatusPage_OfAWovenHandlerThatWaits_NamesItsBody()
    {
        var request = _client.GetStringAsync(new Uri("/gate", UriKind.Relative), TestContext.Current.CancellationToken);
        var row = await Deadline.For(RowOf("GET /gate"), "the row");

        ((ManualResetEventSlim)_code.Value.GetType("Web")!.GetField("Gate")!.GetValue(null)!).Set();

        Assert.Equal("Woven", (string?)row["body"]);
        Assert.Equal("woven", await Deadline.For(request, "the answer"));
    }

    [Fact]
    public async Task SyncToAsync_WithArguments_RunsTheWovenForm()
    {
        var bridge = _app.Services.GetRequiredService<IGreenletBridge>();
        var code = (Func<int, string>)_code.Value.GetType("Web")!.GetMethod("Two")!.Invoke(null, [bridge])!;
        var body = bridge.SyncToAsync(code);

        Assert.Equal("woven6", await Deadline.For(body(3), "the value"));
        Assert.Equal("woven8", await Deadline.For(body(4), "the value"));
    }

    private async Task<JsonNode> RowOf(string endpoint)
    {
        while (true)
        {
            var page = JsonNode.Parse(await _client.GetStringAsync(new Uri("/greenlets/snapshot", UriKind.Relative), TestContext.Current.CancellationToken))!;
            if (page["greenlets"]!.AsArray().FirstOrDefault(row => row!["endpoint"]?.GetValue<string>() is { } name && name.Contains(endpoint, StringComparison.Ordinal) && row["state"]!.GetValue<string>() == "Waiting") is { } found)
                return found;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Deadline.For(_app.StopAsync(TestContext.Current.CancellationToken), "the stop");
        await _app.DisposeAsync();
    }
}
