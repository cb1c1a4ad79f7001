using Dapper;
using Npgsql;

namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>A lock in PostgreSQL that a session of the test holds: a statement that wants it waits on the server until it is let go.</summary>
internal sealed class ServerLock : IDisposable
{
    private readonly long _number = Random.Shared.NextInt64();
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _session;

    public ServerLock(string connectionString)
    {
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "lock" });
        _session = _source.OpenConnection();
        _session.Execute("select pg_advisory_lock(@number)", new { number = _number });
    }

    /// <summary>Waits for the lock and gives 1.</summary>
    public string Query => $"select 1::bigint from pg_advisory_lock({_number})";

    public void LetGo() => _session.Execute("select pg_advisory_unlock(@number)", new { number = _number });

    public void Dispose()
    {
        _session.Dispose();
        _source.Dispose();
    }
}
