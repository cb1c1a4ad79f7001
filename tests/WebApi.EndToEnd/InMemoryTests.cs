using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace WebApi.EndToEnd;

/// <summary>The sample on the test server of WebApplicationFactory, as users test their own applications: without a socket.</summary>
public sealed class InMemoryTests : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(static host => host
        .UseEnvironment("Development")
        .UseSetting("ConnectionStrings:Orders", "Data Source=in-memory-tests;Mode=Memory;Cache=Shared")
        .UseSetting("GreenletBridge:Requests:Concurrency", "50")
        .UseSetting("GreenletBridge:Requests:QueueLimit", "0"));

    public ValueTask DisposeAsync() => _factory.DisposeAsync();

    [Theory]
    [InlineData("/legacy/wait?ms=1", "waited 1 ms")]
    [InlineData("/legacy/sleep?ms=1", "slept 1 ms")]
    [InlineData("/plain/greenlet", "plain")]
    [InlineData("/async/sleep?ms=1", "slept 1 ms")]
    public async Task Get_Endpoint_Answers(string path, string expected)
    {
        using var client = _factory.CreateClient();

        Assert.Equal(expected, await GetAsync(client, path));
    }

    [Fact]
    public async Task Get_MoreThanTheLimitAtOnce_SomeAnswer503AndNoneHangs()
    {
        using var client = _factory.CreateClient();

        var answers = await Deadline.For(
            Task.WhenAll(Enumerable.Range(0, 80).Select(_ => client.GetAsync("/legacy/wait?ms=300", TestContext.Current.CancellationToken))), "all answers");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable], answers.Select(answer => answer.StatusCode).Distinct().Order());
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), 50, 79);
    }

    [Fact]
    public async Task Get_ClientGivesUp_IsKilled()
    {
        using var client = _factory.CreateClient();
        using var left = new CancellationTokenSource();
        var request = client.GetAsync("/legacy/wait?ms=60000", left.Token);
        await Deadline.Until(() => ActiveAsync(client).Result == 1, "its begin");

        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.For(request, "the end of the call"));
        await Deadline.Until(() => ActiveAsync(client).Result == 0, "the end of its greenlet");
    }

    [Fact]
    public async Task Get_HealthAndSnapshot_Answer()
    {
        using var client = _factory.CreateClient();

        Assert.Contains("\"Healthy\"", await GetAsync(client, "/health"), StringComparison.Ordinal);
        Assert.Contains("requests-0", await GetAsync(client, "/greenlets/snapshot?format=text"), StringComparison.Ordinal);
    }

    private static async Task<int> ActiveAsync(HttpClient client)
    {
        var text = await GetAsync(client, "/greenlets/snapshot?format=text");
        return text.Split("/legacy/wait => Wait Waiting").Length - 1;
    }

    private static async Task<string> GetAsync(HttpClient client, string path)
    {
        using var answer = await Deadline.For(client.GetAsync(path, TestContext.Current.CancellationToken), $"the answer of {path}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
