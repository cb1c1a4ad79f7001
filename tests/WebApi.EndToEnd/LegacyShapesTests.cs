using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace WebApi.EndToEnd;

public class LegacyShapesTests
{
    [Fact]
    public async Task Controller_ManyAtOnce_GiveDifferentNumbers()
    {
        await using var shop = new Shop();
        using var client = shop.NewClient();

        var numbers = await Deadline.For(
            Task.WhenAll(Enumerable.Range(1, 50).Select(async id =>
            {
                using var response = await client.PostAsync($"/legacy/invoices/{id}", null, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.Created, response.StatusCode);
                Assert.Equal("yes", Assert.Single(response.Headers.GetValues("X-Audited")));
                return (int)(await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["number"]!;
            })),
            "50 invoices");

        Assert.Equal(50, numbers.Distinct().Count());
        using var missing = await Deadline.For(client.PostAsync("/legacy/invoices/1000000", null, TestContext.Current.CancellationToken), "the problem");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("application/problem+json", missing.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Page_WhoseViewReadsTheDatabase_IsRendered()
    {
        await using var shop = new Shop();
        using var client = shop.NewClient();

        using var response = await Shop.GetAsync(client, "/legacy/revenue");
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(7, html.Split("<tr>").Length - 1);
    }

    [Fact]
    public async Task OldHandler_Export_StreamsEveryOrder()
    {
        await using var shop = new Shop();
        using var client = shop.NewClient();

        using var response = await Shop.GetAsync(client, "/legacy/export.csv");
        var lines = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(5_001, lines.Length);
    }

    [Fact]
    public async Task SignalRHub_Method_AnswersAndTellsTheOthers()
    {
        await using var shop = new Shop();
        using var client = shop.NewClient();
        await using var first = await ConnectAsync(client);
        await using var second = await ConnectAsync(client);
        var asked = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = second.On<int>("asked", asked.SetResult);

        Assert.NotEmpty(await Deadline.For(first.InvokeAsync<string>("CustomerOf", 1, TestContext.Current.CancellationToken), "the customer"));
        Assert.Equal(1, await Deadline.For(asked.Task, "the news"));
        await Assert.ThrowsAsync<HubException>(() => first.InvokeAsync<string>("CustomerOf", 1_000_000, TestContext.Current.CancellationToken));
    }

    private static async Task<HubConnection> ConnectAsync(HttpClient client)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(client.BaseAddress!, "/hubs/orders")).Build();
        // Its 15 seconds are little where other test programs run
        connection.HandshakeTimeout = 2 * Deadline.Default;
        await Deadline.For(connection.StartAsync(TestContext.Current.CancellationToken), "the connection");
        return connection;
    }
}
