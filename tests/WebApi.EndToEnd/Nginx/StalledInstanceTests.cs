using System.Net;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd.Nginx;

public sealed class StalledInstanceTests
{
    private int _last;

    [Fact]
    public async Task OneInstanceStalled_BehindNginx_LosesNoGetThatHadNotBegun()
    {
        Assert.SkipUnless(NginxServer.Program() is not null, "nginx is not installed (Debian: apt-get install nginx)");
        await using var first = new Instance("first");
        await using var second = new Instance("second");
        await first.StartAsync();
        await second.StartAsync();
        await using var nginx = new NginxServer(first.Address, second.Address);
        using var client = await nginx.ConnectAsync();
        using var direct = new HttpClient { BaseAddress = first.Address };

        // Both take their share
        Assert.Equal(["first", "second"], (await GetAsync(client, 20)).Distinct().Order());

        // Under load, the first is stalled: what waits there and what comes is given to the second
        using var ended = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoadAsync(client, ended.Token)));
        var stall = direct.PostAsync("/stall", null, TestContext.Current.CancellationToken);
        await Deadline.For(first.Stalled, "the stall", first.ToString);
        var begunThere = first.Begun.Count;
        Assert.All(await GetAsync(client, 50), name => Assert.Equal("second", name));
        await ended.CancelAsync();
        var answers = await Deadline.For(load, "the load", second.ToString);

        Assert.True(first.Refused > 0, first.ToString());
        Assert.Equal(begunThere, first.Begun.Count);
        Assert.NotEqual(0, answers.Sum());

        // Each GET was answered, and begun once
        var begun = first.Begun.Concat(second.Begun).Order().ToList();
        Assert.Equal(Enumerable.Range(1, _last), begun);

        // It goes on, and gets its share again
        first.GoOn();
        Assert.Equal(HttpStatusCode.OK, (await Deadline.For(stall, "the end of the stall")).StatusCode);
        await Deadline.Until(() => GetAsync(client, 2).Result.Contains("first"), "an answer of the first instance", first.ToString);
    }

    private async Task<int> LoadAsync(HttpClient client, CancellationToken token)
    {
        var count = 0;
        while (!token.IsCancellationRequested)
        {
            await GetAsync(client, 1);
            count++;
        }

        return count;
    }

    private Task<string[]> GetAsync(HttpClient client, int count) => Deadline.For(
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => client.GetStringAsync($"/work?id={Interlocked.Increment(ref _last)}", TestContext.Current.CancellationToken))),
        $"{count} answers");
}
