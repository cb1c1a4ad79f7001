using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WebApi.EndToEnd.Telemetry;

/// <summary>A collector that takes OTLP by HTTP, as protobuf, and keeps what it gets.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _metrics = new();
    private readonly ConcurrentQueue<byte[]> _traces = new();

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/v1/metrics", context => TakeAsync(context, _metrics));
        _app.MapPost("/v1/traces", context => TakeAsync(context, _traces));
    }

    public string Address => _app.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Whether a text is in the metrics it got. Texts are in protobuf as they are.</summary>
    public bool HasMetric(string text) => Has(_metrics, text);

    /// <summary>Whether a text is in the spans it got.</summary>
    public bool HasSpan(string text) => Has(_traces, text);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static bool Has(ConcurrentQueue<byte[]> bodies, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bodies.Any(body => body.AsSpan().IndexOf(bytes) >= 0);
    }

    private static async Task TakeAsync(HttpContext context, ConcurrentQueue<byte[]> bodies)
    {
        if (context.Request.ContentType != "application/x-protobuf")
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        bodies.Enqueue(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }
}
