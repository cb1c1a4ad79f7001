using System.Data.Common;
using Dapper;
using GreenletBridge.Drivers.Tests.Support;
using Npgsql;

namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>What the tests against PostgreSQL share: a pool of the test's own, and a look at its sessions from outside.</summary>
public abstract class PostgresTests : IAsyncLifetime
{
    /// <summary>Gives the process id of the session that answers.</summary>
    protected const string Pid = "select pg_backend_pid()::bigint";

    /// <summary>The other sessions of the test, with its <see cref="Name"/>.</summary>
    protected const string Sessions = "from pg_stat_activity where application_name = @name and pid <> pg_backend_pid()";
    private NpgsqlDataSource? _outside;

    protected string ConnectionString { get; private set; } = "";

    /// <summary>What the server knows the test's sessions by.</summary>
    protected string? Name { get; private set; }

    protected virtual int PoolSize => 20;

    public ValueTask InitializeAsync()
    {
        ConnectionString = Postgres.Connect(PoolSize);
        Name = new NpgsqlConnectionStringBuilder(ConnectionString).ApplicationName;
        _outside = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { ApplicationName = "outside", MaxPoolSize = 2 });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_outside is not null)
        {
            using (var connection = await _outside.OpenConnectionAsync())
                await connection.ExecuteAsync($"select pg_terminate_backend(pid) {Sessions}", new { name = Name });
            await _outside.DisposeAsync();
        }

        using (var own = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(own);
        GC.SuppressFinalize(this);
    }

    /// <summary>The driver's own data source.</summary>
    private protected Shop NewShop() => new(NpgsqlDataSource.Create(ConnectionString), ConnectionString);

    /// <summary>With every adapter.</summary>
    private protected Shop NewCancellingShop() =>
        new(NpgsqlDataSource.Create(ConnectionString).AddGreenletCancellation(), ConnectionString, cancelsInEntityFramework: true);

    /// <summary>How many sessions of the test execute a statement that contains a text.</summary>
    protected long Executing(string text)
    {
        using var connection = _outside!.OpenConnection();
        return connection.QuerySingle<long>($"select count(*) {Sessions} and state = 'active' and query like '%' || @text || '%'", new { name = Name, text });
    }

    /// <summary>How many sessions the test has.</summary>
    protected long SessionCount() => Outside<long>($"select count(*) {Sessions}", new { name = Name });

    protected async Task UntilExecuting(int count, string text, Func<string> snapshot) =>
        await Deadline.Until(() => Executing(text) == count, $"{count} sessions to execute {text}", snapshot);

    protected T Outside<T>(string sql, object? values = null)
    {
        using var connection = _outside!.OpenConnection();
        return connection.QuerySingle<T>(sql, values);
    }
}
