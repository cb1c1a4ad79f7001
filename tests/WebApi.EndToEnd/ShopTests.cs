using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd;

public sealed class ShopTests(Shop shop) : IClassFixture<Shop>
{
    private readonly HttpClient _client = shop.NewClient();

    [Theory]
    [InlineData("/legacy/wait?ms=1", "waited 1 ms")]
    [InlineData("/legacy/wait", "waited 100 ms")]
    [InlineData("/legacy/sleep?ms=1", "slept 1 ms")]
    [InlineData("/legacy/http?ms=1", "slept 1 ms")]
    [InlineData("/threadpool/sleep?ms=1", "slept 1 ms")]
    [InlineData("/threadpool/wait?ms=1", "waited 1 ms")]
    [InlineData("/async/sleep?ms=1", "slept 1 ms")]
    [InlineData("/plain", "plain")]
    [InlineData("/plain/greenlet", "plain")]
    public async Task Get_TextEndpoint_AnswersIt(string path, string expected)
    {
        using var response = await Shop.GetAsync(_client, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Wait_200AtOnce_AllAnswer200()
    {
        var responses = await Deadline.For(
            Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _client.GetAsync("/legacy/wait?ms=100", TestContext.Current.CancellationToken))), "200 answers");

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Theory]
    [InlineData("/legacy/sleep")]
    [InlineData("/legacy/http")]
    public async Task UnseenOrOverHttp_200AtOnceWhileOneComputes_AllAnswer200(string path)
    {
        var busy = _client.GetAsync("/legacy/busy?ms=1000", TestContext.Current.CancellationToken);
        var responses = await Deadline.For(
            Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _client.GetAsync($"{path}?ms=100", TestContext.Current.CancellationToken))), "200 answers");

        Assert.All(responses.Append(await Deadline.For(busy, "the busy one's answer")), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task Lock_500Callers_Get500DifferentNumbers()
    {
        var numbers = await Deadline.For(
            Task.WhenAll(Enumerable.Range(0, 500).Select(_ => _client.GetFromJsonAsync<int>("/legacy/lock?ms=1", TestContext.Current.CancellationToken))),
            "500 numbers");

        Assert.Equal(500, numbers.Distinct().Count());
    }

    [Theory]
    [InlineData("/legacy/orders/42")]
    [InlineData("/async/orders/42")]
    public async Task Order_KnownId_IsAnswered(string path)
    {
        var order = await JsonAsync(path);

        Assert.Equal(42, (int)order["id"]!);
        Assert.NotEmpty((string)order["customer"]!);
        Assert.True((long)order["cents"]! > 0);
        Assert.True((DateTime)order["placedAt"]! < DateTime.UtcNow);
    }

    [Fact]
    public async Task Report_30Days_GivesRevenuePerDay()
    {
        var days = (await JsonAsync("/legacy/report?days=30")).AsArray();

        // 31 if midnight has passed since the file was filled
        Assert.InRange(days.Count, 29, 31);
        Assert.All(days, day => Assert.True((long)day!["cents"]! > 0));
        Assert.Equal(days.Select(day => (string?)day!["day"]).Order(), days.Select(day => (string?)day!["day"]));
    }

    [Fact]
    public async Task Health_Idle_IsHealthyWithTheHubsFigures()
    {
        var report = await JsonAsync("/health");

        Assert.Equal("Healthy", (string?)report["status"]);
        Assert.True((bool)report["entries"]!["greenlets:requests"]!["data"]!["hubs"]!["requests-0"]!["running"]!);
    }

    [Fact]
    public async Task Schema_OfTheSettingsFile_IsTheGeneratedOne()
    {
        var folder = Repository.PathOf("samples/WebApi");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "appsettings.json"), TestContext.Current.CancellationToken))!;

        var schema = Path.GetFullPath(Path.Combine(folder, (string)settings["$schema"]!));

        Assert.Equal(Repository.PathOf("appsettings.schema.json"), schema);
        Assert.True(File.Exists(schema));
    }

    private async Task<JsonNode> JsonAsync(string path)
    {
        using var response = await Shop.GetAsync(_client, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }
}
