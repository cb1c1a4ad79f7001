using System.Net;
using System.Xml.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Drivers.Tests.RealCode;

/// <summary>Handlers with code that was written for a thread of its own.</summary>
public sealed class HandlerTests : IAsyncLifetime
{
    private const int AtOnce = 50;
    private readonly HttpClient _client = new();
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddGreenletBridge();
        _app = builder.Build();
        var legacy = _app.MapGroup("/").RunInGreenlet();
        legacy.MapGet("/xml", WriteXml);
        legacy.MapGet("/parallel", SumInParallel);
        legacy.MapGet("/plinq", SumByQuery);
        await Deadline.For(_app.StartAsync(), "the start");
        _client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Deadline.For(_app!.DisposeAsync().AsTask(), "the stop");
    }

    [Fact]
    public async Task XmlSerializer_WritingToTheResponseBody_AnswersAll()
    {
        var answers = await GetAsync("/xml");

        Assert.All(answers, answer => Assert.Equal(20_000, answer.Split("<string>item ").Length - 1));
    }

    [Theory]
    [InlineData("/parallel")]
    [InlineData("/plinq")]
    public async Task ParallelCode_InHandlers_AnswersAll(string path)
    {
        var answers = await GetAsync(path);

        Assert.All(answers, answer => Assert.Equal("499500", answer));
    }

    private async Task<string[]> GetAsync(string path) =>
        await Deadline.For(Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => _client.GetStringAsync(path))), $"{AtOnce} answers of {path}", within: TimeSpan.FromMinutes(1));

    private static void WriteXml(HttpContext context)
    {
        // The one thing that ASP.NET Core asks for, with or without greenlets
        context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        context.Response.ContentType = "application/xml";
        new XmlSerializer(typeof(List<string>)).Serialize(context.Response.Body, Enumerable.Range(0, 20_000).Select(static number => $"item {number}").ToList());
    }

    private static long SumInParallel()
    {
        long sum = 0;
        Parallel.For(0, 1_000, number => Interlocked.Add(ref sum, number));
        return sum;
    }

    private static long SumByQuery() => ParallelEnumerable.Range(0, 1_000).WithDegreeOfParallelism(4).Select(static number => (long)number).Sum();
}
