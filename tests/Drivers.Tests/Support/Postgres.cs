using GreenletBridge.Drivers.Tests.Support;
using Npgsql;

[assembly: AssemblyFixture(typeof(Postgres))]

namespace GreenletBridge.Drivers.Tests.Support;

/// <summary>The PostgreSQL server of this test program; started when the first test asks for it.</summary>
public sealed class Postgres : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> _server = new(PostgresServer.StartAsync);

    /// <summary>Connection string with a pool of its own; skips the test where there is no PostgreSQL.</summary>
    public static string Connect(int poolSize = 20)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var server = Deadline.Wait(_server.Value, "PostgreSQL", within: TimeSpan.FromMinutes(2));
        // The server's list of sessions tells by this name whose is whose
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { MaxPoolSize = poolSize, ApplicationName = $"test-{Guid.NewGuid():N}" }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
