using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd;

/// <summary>The orders on PostgreSQL: synchronous Dapper in greenlets beside the same query awaited.</summary>
public sealed class PostgresShopTests(PostgresShop postgres) : IClassFixture<PostgresShop>
{
    [Fact]
    public async Task Orders_SynchronousAndAwaited_AreTheSame()
    {
        using var client = Client();

        foreach (var id in (int[])[1, 42, 5_000])
        {
            var legacy = await JsonAsync(client, $"/legacy/orders/{id}");
            Assert.Equal(id, (int)legacy["id"]!);
            Assert.NotEmpty((string)legacy["customer"]!);
            Assert.True(JsonNode.DeepEquals(legacy, await JsonAsync(client, $"/async/orders/{id}")));
        }

        using var unknown = await Shop.GetAsync(client, "/legacy/orders/5001");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Orders_200AtOnceOverAPoolOf40_AreAllAnswered()
    {
        using var client = Client();

        var answers = await Deadline.For(
            Task.WhenAll(Enumerable.Range(1, 200).Select(id => client.GetFromJsonAsync<JsonNode>($"/{(id % 2 == 0 ? "legacy" : "async")}/orders/{id}", TestContext.Current.CancellationToken))),
            "200 answers");

        Assert.Equal(Enumerable.Range(1, 200), answers.Select(order => (int)order!["id"]!));
    }

    [Fact]
    public async Task Report_OfThePlacedOrders_IsAnswered()
    {
        using var client = Client();

        var days = (await JsonAsync(client, "/legacy/report?days=30")).AsArray();

        // 31 if midnight has passed since the table was filled
        Assert.InRange(days.Count, 29, 31);
        Assert.All(days, day => Assert.True((long)day!["cents"]! > 0));
    }

    [Fact]
    public async Task Start_OfASecondInstance_FindsTheOrdersThere()
    {
        using var first = Client();
        await using var second = new Shop { Orders = postgres.ConnectionString };
        using var client = second.NewClient();

        Assert.True(JsonNode.DeepEquals(await JsonAsync(first, "/legacy/orders/7"), await JsonAsync(client, "/legacy/orders/7")));
    }

    private HttpClient Client()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        return postgres.Shop.NewClient();
    }

    private static async Task<JsonNode> JsonAsync(HttpClient client, string path)
    {
        using var response = await Shop.GetAsync(client, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }
}
