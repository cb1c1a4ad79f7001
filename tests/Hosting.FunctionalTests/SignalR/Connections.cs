using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.SignalR.Client;

namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

/// <summary>Connections of SignalR's client, whose own times are so long that it is the test's deadline that says what did not come.</summary>
internal static class Connections
{
    public static Task<HubConnection> ConnectAsync(TestApp app) => ConnectAsync(app, new HubConnectionBuilder().WithUrl(new Uri(app.Client.BaseAddress!, "/hub")));

    public static async Task<HubConnection> ConnectAsync(TestApp app, IHubConnectionBuilder builder)
    {
        var client = builder.Build();
        client.HandshakeTimeout = client.ServerTimeout = 2 * Deadline.Default;
        await Deadline.For(client.StartAsync(TestContext.Current.CancellationToken), "the connection", app.Logs.ToString);
        return client;
    }
}
