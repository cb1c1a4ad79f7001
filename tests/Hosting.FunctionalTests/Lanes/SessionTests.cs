using System.Globalization;
using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Lanes;

public class SessionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task LaneBySession_ConcurrentRequestsOfOneSession_LoseNoUpdate(int protocol)
    {
        await using var app = await StartAsync(withLane: true);
        using var browser = Browser(app.ClientOf(protocol));
        Assert.Equal("1", await browser.GetStringAsync("/count", TestContext.Current.CancellationToken));

        var answers = await Deadline.For(
            Task.WhenAll(Enumerable.Range(0, 40).Select(_ => browser.GetStringAsync("/count", TestContext.Current.CancellationToken))), "40 answers", app.Logs.ToString);

        Assert.Equal(Enumerable.Range(2, 40), answers.Select(answer => int.Parse(answer, CultureInfo.InvariantCulture)).Order());
        app.AssertNoErrors();
    }

    [Fact]
    public async Task LaneBySession_AnotherSession_CountsForItself()
    {
        await using var app = await StartAsync(withLane: true);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            using var browser = new HttpClient { BaseAddress = app.Client.BaseAddress };
            Assert.Equal("1", await browser.GetStringAsync("/count", TestContext.Current.CancellationToken));
            Assert.Equal("2", await browser.GetStringAsync("/count", TestContext.Current.CancellationToken));
        }
    }

    // With cookies of its own.
    private static HttpClient Browser(HttpClient like) => new(new HttpClientHandler { CookieContainer = new CookieContainer() })
    {
        BaseAddress = like.BaseAddress,
        DefaultRequestVersion = like.DefaultRequestVersion,
        DefaultVersionPolicy = like.DefaultVersionPolicy,
    };

    private static Task<TestApp> StartAsync(bool withLane) => TestApp.StartAsync(
        app =>
        {
            app.UseSession();
            app.MapGet("/count", (HttpContext context) =>
            {
                var count = (context.Session.GetInt32("count") ?? 0) + 1;
                Greenlet.Yield();
                context.Session.SetInt32("count", count);
                return $"{count}";
            }).RunInGreenlet(lane: withLane ? context => context.Session.Id : null);
        },
        builder => builder.Services.AddDistributedMemoryCache().AddSession());
}
