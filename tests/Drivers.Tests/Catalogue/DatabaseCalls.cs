using System.Data.Common;
using Dapper;
using GreenletBridge.Core.Tests.Blocking;
using GreenletBridge.Drivers.Tests.Databases;
using GreenletBridge.Drivers.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>Databases, synchronous, without adapter.</summary>
internal static class DatabaseCalls
{
    private const string Cancel = "nothing to do; with `AddGreenletCancellation()` the kill stops the server too and spares the connection";

    internal static IReadOnlyList<CallUnderTest> All { get; } =
    [
        new("Npgsql: `ExecuteReader` and the like", () => Query(QueryForm.AdoNet), OthersRun.AtOnce, true, Cancel),
        new("Npgsql: `Open` of a pooled connection, while the pool is exhausted", ExhaustedPool, OthersRun.AtOnce, true, "nothing to do"),
        new("Dapper on Npgsql", () => Query(QueryForm.Dapper), OthersRun.AtOnce, true, Cancel),
        new("EF Core on Npgsql", () => Query(QueryForm.EntityFramework), OthersRun.AtOnce, true, Cancel),
        new("Microsoft.Data.Sqlite: waiting for another writer", () => SqliteWriter(static c => c), OthersRun.WhenFoundBlocked, true, "nothing to do: it sleeps and tries again"),
        new("the same, with `AddGreenletCancellation()`", () => SqliteWriter(static c => c.AddGreenletCancellation()), OthersRun.AtOnce, true, "nothing to do"),
        new("Microsoft.Data.Sqlite: a long query", () => SqliteQuery(static c => c), OthersRun.WhenFoundComputing, false, "`AddGreenletCancellation()`"),
        new("the same query, with `AddGreenletCancellation()`", () => SqliteQuery(static c => c.AddGreenletCancellation()), OthersRun.AtOnce, false, "nothing to do; SQLite cannot be told to stop"),
    ];

    private static BlockingScene Query(QueryForm form)
    {
        var connectionString = Postgres.Connect();
        var shop = new Shop(NpgsqlDataSource.Create(connectionString), connectionString);
        // The connection is open already; see the row of Open
        Assert.Equal(1, shop.Ask(form, "select 1::bigint"));
        var held = new ServerLock(connectionString);
        return Scenes.Of(() => Assert.Equal(1, shop.Ask(form, held.Query)), held.LetGo, shop, held);
    }

    private static BlockingScene ExhaustedPool()
    {
        var source = NpgsqlDataSource.Create(Postgres.Connect(poolSize: 1));
        var taken = source.OpenConnection();
        return Scenes.Of(() => source.OpenConnection().Dispose(), taken.Dispose, source, taken);
    }

    private static BlockingScene SqliteWriter(Func<DbConnection, DbConnection> decorate)
    {
        var folder = Directory.CreateTempSubdirectory("sqlite");
        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.FullName, "test.db"), Pooling = false }.ConnectionString;
        var writer = new SqliteConnection(file);
        writer.Open();
        writer.Execute("create table items (id integer)");
        writer.Execute("begin immediate");
        return Scenes.Of(
            () =>
            {
                using var connection = decorate(new SqliteConnection(file));
                connection.Open();
                Assert.Equal(1, connection.Execute("insert into items values (1)"));
            },
            () => writer.Execute("commit"),
            new Owner(() => folder.Delete(recursive: true)),
            writer);
    }

    private static BlockingScene SqliteQuery(Func<DbConnection, DbConnection> decorate) => Scenes.OfFlag(isOver =>
    {
        using var sqlite = new SqliteConnection("Data Source=:memory:");
        sqlite.CreateFunction("is_over", () => isOver() ? 1 : 0);
        using var connection = decorate(sqlite);
        connection.Open();
        connection.ExecuteScalar<long>("with recursive numbers(n) as (select 1 union all select n + 1 from numbers where is_over() = 0) select count(*) from numbers");
    });
}
