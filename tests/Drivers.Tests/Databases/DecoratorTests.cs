using System.Data;
using System.Data.Common;
using Dapper;
using GreenletBridge.Drivers.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>A decorated data source does what the driver's own does, on a greenlet and on any thread.</summary>
public sealed class DecoratorTests : PostgresTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Decorated_EveryMember_IsTheDrivers(bool onGreenlet)
    {
        await using var hub = new DriverHub();
        using var source = NpgsqlDataSource.Create(ConnectionString).AddGreenletCancellation();
        if (onGreenlet)
            await hub.Run(() => Use(source), TimeSpan.FromMinutes(1));
        else
            Use(source);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Decorated_EveryAsyncMember_IsTheDrivers(bool onGreenlet)
    {
        await using var hub = new DriverHub();
        await using var source = NpgsqlDataSource.Create(ConnectionString).AddGreenletCancellation();
        if (onGreenlet)
            await Deadline.For(hub.Hub.Bridge.AsTask(hub.Spawn(() => UseAsync(source))), "the greenlet's end", hub.Snapshot);
        else
            await UseAsync(source);
    }

    [Fact]
    public void AddGreenletCancellation_OfADecoratedOne_GivesItBack()
    {
        using var source = NpgsqlDataSource.Create(ConnectionString).AddGreenletCancellation();
        using var connection = source.CreateConnection();

        Assert.Same(source, source.AddGreenletCancellation());
        Assert.Same(connection, connection.AddGreenletCancellation());
        Assert.Equal(new NpgsqlConnectionStringBuilder(ConnectionString).Port, new NpgsqlConnectionStringBuilder(source.ConnectionString).Port);
    }

    [Fact]
    public void AddGreenletCancellation_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(static () => ((DbDataSource)null!).AddGreenletCancellation());
        Assert.Throws<ArgumentNullException>(static () => ((DbConnection)null!).AddGreenletCancellation());
        Assert.Throws<ArgumentNullException>(static () => ((DbCommand)null!).CancelOnKill());
        Assert.Throws<ArgumentNullException>(static () => ((DbBatch)null!).CancelOnKill());
        Assert.Throws<ArgumentNullException>(static () => GreenletDbContextOptionsExtensions.AddGreenletCancellation(null!));
    }

    [Fact]
    public async Task AddGreenletCancellation_OfAConnectionOfSqlite_Works()
    {
        await using var hub = new DriverHub();
        Assert.Equal(3, await hub.Run(() =>
        {
            using var connection = new SqliteConnection("Data Source=:memory:").AddGreenletCancellation();
            connection.Open();
            return connection.QuerySingle<long>("select @a + 1", new { a = 2 });
        }));
    }

    private static void Use(DbDataSource source)
    {
        using var connection = source.CreateConnection();
        var states = new List<ConnectionState>();
        connection.StateChange += (_, change) => states.Add(change.CurrentState);
        Assert.Equal(ConnectionState.Closed, connection.State);
        connection.Open();
        Assert.Equal(ConnectionState.Open, connection.State);
        Assert.Equal([ConnectionState.Open], states);
        Assert.Equal("postgres", connection.Database);
        Assert.StartsWith("tcp://127.0.0.1", connection.DataSource, StringComparison.Ordinal);
        Assert.NotEmpty(connection.ServerVersion);
        Assert.True(connection.ConnectionTimeout > 0);
        Assert.NotEqual(0, connection.GetSchema().Rows.Count);
        Assert.NotEqual(0, connection.GetSchema("Databases", ["postgres"]).Rows.Count);
        Assert.Same(NpgsqlFactory.Instance, DbProviderFactories.GetFactory(connection));
        connection.Execute("create temporary table numbers (number integer)");
        using (var transaction = connection.BeginTransaction(IsolationLevel.Serializable))
        {
            Assert.Equal(IsolationLevel.Serializable, transaction.IsolationLevel);
            Assert.Same(connection, transaction.Connection);
            Assert.True(transaction.SupportsSavepoints);
            connection.Execute("insert into numbers values (1)", transaction: transaction);
            transaction.Save("first");
            connection.Execute("insert into numbers values (2)", transaction: transaction);
            transaction.Rollback("first");
            transaction.Release("first");
            transaction.Commit();
        }

        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute("insert into numbers values (3)", transaction: transaction);
            transaction.Rollback();
        }

        using (var batch = connection.CreateBatch())
        {
            Assert.True(connection.CanCreateBatch);
            Assert.Same(connection, batch.Connection);
            foreach (var sql in new[] { "select 4", "select 5" })
            {
                var command = batch.CreateBatchCommand();
                command.CommandText = sql;
                batch.BatchCommands.Add(command);
            }

            batch.Timeout = 20;
            batch.Prepare();
            Assert.Equal(4, batch.ExecuteScalar());
            Assert.Equal(-1, batch.ExecuteNonQuery());
            using var reader = batch.ExecuteReader();
            Assert.True(reader.Read() && reader.NextResult() && reader.Read());
            Assert.Equal(5, reader.GetInt32(0));
        }

        using (var command = connection.CreateCommand())
        {
            command.CommandText = "select number from numbers where number = @number";
            command.CommandTimeout = 20;
            command.CommandType = CommandType.Text;
            var parameter = command.CreateParameter();
            parameter.ParameterName = "number";
            parameter.Value = 1;
            command.Parameters.Add(parameter);
            command.Prepare();
            command.Cancel();
            Assert.Same(connection, command.Connection);
            Assert.Null(command.Transaction);
            Assert.Equal(1, command.ExecuteScalar());
            using var reader = command.ExecuteReader(CommandBehavior.SingleRow);
            Assert.True(reader.Read());
        }

        using (var command = source.CreateCommand("select 6"))
            Assert.Equal(6, command.ExecuteScalar());

        connection.Close();
        Assert.Equal([ConnectionState.Open, ConnectionState.Closed], states);
    }

    private static async Task UseAsync(DbDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await transaction.SaveAsync("first");
            await transaction.RollbackAsync("first");
            await transaction.ReleaseAsync("first");
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            Assert.Same(connection, command.Transaction.Connection);
            command.CommandText = "select 1";
            await command.PrepareAsync();
            Assert.Equal(1, await command.ExecuteScalarAsync());
            Assert.Equal(-1, await command.ExecuteNonQueryAsync());
            await using (var reader = await command.ExecuteReaderAsync())
                Assert.True(await reader.ReadAsync());
            await transaction.CommitAsync();
        }

        await using (var batch = connection.CreateBatch())
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = "select 2";
            batch.BatchCommands.Add(command);
            await batch.PrepareAsync();
            Assert.Equal(2, await batch.ExecuteScalarAsync());
            Assert.Equal(-1, await batch.ExecuteNonQueryAsync());
            await using var reader = await batch.ExecuteReaderAsync();
            Assert.True(await reader.ReadAsync());
        }

        Assert.Equal(3, (await connection.QueryAsync<int>("select 3")).Single());
        Assert.NotEqual(0, (await connection.GetSchemaAsync()).Rows.Count);
        await connection.CloseAsync();
        await connection.OpenAsync();
    }
}
