using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Legacy;

public class MapBlockingTests
{
    private const int Megabyte = 1024 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task MapBlocking_ReadsAndWritesSynchronously_AnswersFromAGreenlet(int protocol)
    {
        await using var app = await TestApp.StartAsync(app => app.MapBlocking("/echo", static context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers["X-Hub"] = WhereAmI.Hub();
            using var writer = new StreamWriter(context.Response.Body);
            writer.Write(reader.ReadToEnd().ToUpperInvariant());
        }));
        using var body = new StringContent("old code");

        using var response = await Deadline.For(app.ClientOf(protocol).PostAsync("/echo", body, TestContext.Current.CancellationToken), "the answer", app.Logs.ToString);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.StartsWith("requests-", Assert.Single(response.Headers.GetValues("X-Hub")), StringComparison.Ordinal);
        Assert.Equal("OLD CODE", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task MapBlocking_SynchronousAccess_IsAllowedWhileItsHandlerRunsAndForNobodyElse()
    {
        var around = new List<bool>();
        await using var app = await TestApp.StartAsync(app =>
        {
            app.Use(async (context, next) =>
            {
                var bodies = context.Features.GetRequiredFeature<IHttpBodyControlFeature>();
                around.Add(bodies.AllowSynchronousIO);
                await next(context);
                around.Add(bodies.AllowSynchronousIO);
            });
            app.MapBlocking("/blocking", static context => context.Response.Body.Write("ok"u8));
            app.MapGet("/other", static (HttpContext context) => context.Response.Body.Write("ok"u8)).RunInGreenlet();
        });

        // The same connection, so the same context
        Assert.Equal("ok", await app.GetAsync("/blocking"));
        using var other = await Deadline.For(app.Client.GetAsync("/other", TestContext.Current.CancellationToken), "the other answer");

        Assert.Equal(HttpStatusCode.InternalServerError, other.StatusCode);
        Assert.DoesNotContain(true, around);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task MapBlocking_ClientSendsSlowly_OthersRunMeanwhile(int protocol)
    {
        var reading = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.MapBlocking("/upload", context =>
                {
                    var first = new byte[1];
                    context.Request.Body.ReadExactly(first);
                    reading.SetResult();
                    using var reader = new StreamReader(context.Request.Body);
                    context.Response.Body.Write([.. first, .. System.Text.Encoding.UTF8.GetBytes(reader.ReadToEnd())]);
                });
                app.MapGet("/", WhereAmI.Hub).RunInGreenlet();
            },
            build: null,
            ("GreenletBridge:Requests:Hubs", "1"));
        using var body = new GatedContent("slow", " client");
        var upload = PostAsync(app, "/upload", body, protocol);
        await Deadline.For(reading.Task, "the begin of the upload", app.Logs.ToString);

        // One hub only: it must have been given up
        Assert.Equal("requests-0", await app.GetAsync("/"));
        body.Open();

        using var response = await Deadline.For(upload, "the answer", app.Logs.ToString);
        Assert.Equal("slow client", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task MapBlocking_ClientReadsSlowly_OthersRunMeanwhileAndItGetsAll(int protocol)
    {
        const int Total = 32 * Megabyte;
        var written = 0L;
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.MapBlocking("/download", context =>
                {
                    var block = new byte[64 * 1024];
                    for (var i = 0; i < Total / block.Length; i++)
                    {
                        context.Response.Body.Write(block);
                        Interlocked.Add(ref written, block.Length);
                    }
                });
                app.MapGet("/", WhereAmI.Hub).RunInGreenlet();
            },
            build: null,
            ("GreenletBridge:Requests:Hubs", "1"));

        using var response = await Deadline.For(
            app.ClientOf(protocol).GetAsync("/download", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken), "the head", app.Logs.ToString);
        // Nobody reads: it has to wait, and the hub is free
        Assert.Equal("requests-0", await app.GetAsync("/"));
        Assert.InRange(Interlocked.Read(ref written), 0, Total - 1);

        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await Deadline.For(stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken), "the download", app.Logs.ToString);
        Assert.Equal(Total, Interlocked.Read(ref written));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task MapBlocking_LargeUpload_IsReadWhole(int protocol)
    {
        await using var app = await TestApp.StartAsync(
            app => app.MapBlocking("/hash", ["POST"], static context => context.Response.Body.Write(SHA256.HashData(context.Request.Body))));
        var bytes = new byte[24 * Megabyte];
        new Random(6).NextBytes(bytes);
        using var body = new ByteArrayContent(bytes);

        using var response = await PostAsync(app, "/hash", body, protocol);

        Assert.Equal(SHA256.HashData(bytes), await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task MapBlocking_BodyLargerThanAllowed_Is413(int protocol)
    {
        await using var app = await TestApp.StartAsync(app => app.MapBlocking("/hash", [RequestSizeLimit(1000)] static (context) => SHA256.HashData(context.Request.Body)));
        using var body = new ByteArrayContent(new byte[2000]);

        using var response = await PostAsync(app, "/hash", body, protocol);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task MapBlocking_ClientLeavesADownload_EndsTheHandler(int protocol)
    {
        var ended = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(app => app.MapBlocking("/endless", context =>
        {
            try
            {
                var block = new byte[64 * 1024];
                while (!ended.Task.IsCompleted)
                {
                    context.Response.Body.Write(block);
                }
            }
            finally
            {
                ended.SetResult();
            }
        }));

        using (await Deadline.For(
            app.ClientOf(protocol).GetAsync("/endless", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken), "the head", app.Logs.ToString))
        {
            Assert.False(ended.Task.IsCompleted);
        }

        await Deadline.For(ended.Task, "the handler's end", app.Logs.ToString);
        await app.StopAsync();
        app.AssertNoErrors();
    }

    [Fact]
    public async Task MapBlocking_Form_IsReadSynchronously()
    {
        await using var app = await TestApp.StartAsync(app => app.MapBlocking("/form", static context =>
            context.Response.Body.Write(System.Text.Encoding.UTF8.GetBytes(context.Request.Form["name"].ToString()))));
        using var body = new FormUrlEncodedContent([KeyValuePair.Create("name", "value")]);

        using var response = await PostAsync(app, "/form", body, 1);

        Assert.Equal("value", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task MapBlocking_OtherHubOrNone_IsTheConventionsSay()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapBlocking("/named", Where).RunInGreenlet("legacy");
            app.MapBlocking("/off", Where).DisableGreenlet();
            app.MapGroup("/group").RunInGreenlet("legacy").MapBlocking("/x", Where);
            app.MapBlocking("/attribute", WhereOfLegacy);
            app.MapGreenlet("/lambda", [RunInGreenlet(Hub = "legacy")] () => WhereAmI.Hub());
            app.MapBlocking("/endpoint", WhereOfLegacy).RunInGreenlet();
        });

        Assert.Equal("legacy", await app.GetAsync("/named"));
        Assert.Equal("legacy", await app.GetAsync("/group/x"));
        Assert.Equal("legacy", await app.GetAsync("/attribute"));
        Assert.Equal("legacy", await app.GetAsync("/lambda"));
        Assert.StartsWith("requests", await app.GetAsync("/endpoint"), StringComparison.Ordinal);
        Assert.Equal("none", await app.GetAsync("/off"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task MapBlocking_WritesToTheBodysWriter_IsAnswered(int protocol)
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapBlocking("/writer", static context => context.Response.BodyWriter.Write("ok"u8));
            app.MapBlocking("/both", static context =>
            {
                context.Response.BodyWriter.Write("a"u8);
                context.Response.Body.Write("b"u8);
                context.Response.BodyWriter.Write("c"u8);
            });
            app.MapBlocking("/json", static context =>
            {
                using var json = new System.Text.Json.Utf8JsonWriter(context.Response.BodyWriter);
                json.WriteNumberValue(7);
                json.Flush();
            });
        });

        Assert.Equal("ok", await app.GetAsync("/writer", app.ClientOf(protocol)));
        Assert.Equal("abc", await app.GetAsync("/both", app.ClientOf(protocol)));
        Assert.Equal("7", await app.GetAsync("/json", app.ClientOf(protocol)));
    }

    [RunInGreenlet(Hub = "legacy")]
    private static void WhereOfLegacy(HttpContext context) => Where(context);

    private static void Where(HttpContext context) => context.Response.Body.Write(System.Text.Encoding.UTF8.GetBytes(WhereAmI.Hub()));

    private static Task<HttpResponseMessage> PostAsync(TestApp app, string path, HttpContent body, int protocol) =>
        Deadline.For(app.ClientOf(protocol).PostAsync(path, body, TestContext.Current.CancellationToken), $"the answer of {path}", app.Logs.ToString);
}
