using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

public class HubStreamTests
{
    private readonly HubNotes _notes = new();

    [Theory]
    [InlineData("Count")]
    [InlineData("CountLater")]
    public async Task Stream_EachItemBlocks_AllAreProducedInOneGreenlet(string method)
    {
        await using var app = await StartAsync();
        await using var client = await Connections.ConnectAsync(app);

        var items = await ReadAsync(client.StreamAsync<string>(method, 20, TestContext.Current.CancellationToken));

        Assert.Equal(20, items.Count);
        Assert.StartsWith("requests-", Assert.Single(items.Distinct()), StringComparison.Ordinal);
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Stream_OfADisabledMethod_IsProducedOutside()
    {
        await using var app = await StartAsync();
        await using var client = await Connections.ConnectAsync(app);

        Assert.Equal(["none"], await ReadAsync(client.StreamAsync<string>("Off", TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_ClientNoLongerWantsIt_IsKilledAndRunsItsFinally(bool leaves)
    {
        await using var app = await StartAsync();
        await using var client = await Connections.ConnectAsync(app);
        using var stop = new CancellationTokenSource();
        var items = client.StreamAsync<string>("Endless", stop.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await Deadline.For(items.MoveNextAsync().AsTask(), "the first item", app.Logs.ToString));

        if (leaves)
        {
            await client.DisposeAsync();
        }
        else
        {
            await stop.CancelAsync();
        }

        await Deadline.For(_notes.StreamEnded.Task, "the finally", app.Logs.ToString);
        app.AssertNoErrors();
    }

    [Fact]
    public async Task Stream_Throws_TellsTheClientAfterTheItemsBefore()
    {
        await using var app = await StartAsync();
        await using var client = await Connections.ConnectAsync(app);
        var items = new List<string>();

        var exception = await Assert.ThrowsAsync<HubException>(() => ReadAsync(client.StreamAsync<string>("Fails", TestContext.Current.CancellationToken), items));

        Assert.Equal(["first"], items);
        Assert.Contains("failed on requests-", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_FilledByASpawnedGreenlet_GivesItsItems()
    {
        await using var app = await StartAsync();
        await using var client = await Connections.ConnectAsync(app);

        Assert.StartsWith("requests-", Assert.Single(await ReadAsync(client.StreamAsync<string>("FromChannel", TestContext.Current.CancellationToken))), StringComparison.Ordinal);
    }

    private static async Task<List<string>> ReadAsync(IAsyncEnumerable<string> stream, List<string>? items = null)
    {
        items ??= [];
        await Deadline.For(CopyAsync(), "the stream");
        return items;

        async Task CopyAsync()
        {
            await foreach (var item in stream)
            {
                items.Add(item);
            }
        }
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync(static app => app.MapHub<StreamingHub>("/hub").RunInGreenlet(), builder =>
    {
        builder.Services.AddSingleton(_notes);
        builder.Services.AddSignalR();
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR", LogLevel.None);
    });
}
