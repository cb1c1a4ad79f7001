using GreenletBridge.TestSupport;

namespace WebApi.EndToEnd;

/// <summary>The sample on a PostgreSQL server of the test's own; its tests skip where there is none.</summary>
public sealed class PostgresShop : IAsyncLifetime
{
    private PostgresServer? _server;

    public Shop Shop { get; private set; } = new();

    public string ConnectionString => _server!.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
            return;
        _server = await PostgresServer.StartAsync();
        Shop = new Shop { Orders = $"{ConnectionString};Maximum Pool Size=40" };
    }

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
