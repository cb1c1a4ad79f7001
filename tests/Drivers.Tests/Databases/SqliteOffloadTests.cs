using System.Data.Common;
using Dapper;
using GreenletBridge.Drivers.Tests.Support;
using Microsoft.Data.Sqlite;

namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>SQLite, decorated: its calls are made beside the hub, which here is one that never hands off.</summary>
public sealed class SqliteOffloadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqlite");
    private readonly string _file;

    public SqliteOffloadTests()
    {
        _file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, "test.db"), Pooling = false }.ConnectionString;
        using var connection = new SqliteConnection(_file);
        connection.Execute("create table numbers (number integer primary key)");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ManyWritersAtOnce_AllRowsAreThere_AndOthersRunMeanwhile()
    {
        const int Writers = 15;
        const int Rows = 2;
        await using var hub = new DriverHub(static options => options.StrictExclusive = true);
        using var source = SqliteFactory.Instance.CreateDataSource(_file).AddGreenletCancellation();

        // More than an OffloadPool of a few threads would have: those who wait for the file must not keep out the commit that they wait for.
        var writers = Enumerable.Range(0, Writers).Select(writer => hub.Run(
            () =>
            {
                using var connection = source.OpenConnection();
                for (var row = 0; row < Rows; row++)
                {
                    using var transaction = connection.BeginTransaction();
                    connection.Execute("insert into numbers values (@number)", new { number = (writer * Rows) + row }, transaction);
                    transaction.Commit();
                }
            },
            TimeSpan.FromMinutes(1))).ToArray();
        var all = Task.WhenAll(writers);
        var turns = 0;
        while (!all.IsCompleted)
        {
            await hub.Run(static () => { });
            turns++;
        }

        await all;
        using var after = new SqliteConnection(_file);
        Assert.Equal(Writers * Rows, after.ExecuteScalar<long>("select count(*) from numbers"));
        Assert.True(turns > 20, $"Others had {turns} turns.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_OfAWriterThatWaitsForAnother_EndsIt_LongBeforeItsTimeIsUp(bool isAsync)
    {
        await using var hub = new DriverHub(static options => options.StrictExclusive = true);
        using var holder = new SqliteConnection(_file);
        holder.Open();
        holder.Execute("begin immediate");
        DbConnection Connect() => new SqliteConnection($"{_file};Default Timeout=3600").AddGreenletCancellation();
        var begun = 0;
        var victim = isAsync
            ? hub.Spawn(async () =>
            {
                await using var connection = Connect();
                await connection.OpenAsync();
                Interlocked.Increment(ref begun);
                await connection.ExecuteAsync("insert into numbers values (1)");
            })
            : hub.Spawn(() =>
            {
                using var connection = Connect();
                connection.Open();
                Interlocked.Increment(ref begun);
                connection.Execute("insert into numbers values (1)");
            });
        await hub.Until(() => Volatile.Read(ref begun) == 1 && victim.Status == GreenletStatus.Waiting, "the writer to wait");

        victim.Kill();
        await hub.Ends(victim);

        Assert.Equal(GreenletStatus.Killed, victim.Status);
        holder.Execute("commit");
        Assert.Equal(0, holder.ExecuteScalar<long>("select count(*) from numbers"));
    }

    [Fact]
    public async Task Kill_OfALongQuery_WaitsForItsEnd_AndTheConnectionIsWhole()
    {
        await using var hub = new DriverHub(static options => options.StrictExclusive = true);
        var (isReached, isOver) = (false, false);
        using var inner = new SqliteConnection("Data Source=:memory:");
        inner.CreateFunction("is_over", () =>
        {
            Volatile.Write(ref isReached, true);
            return Volatile.Read(ref isOver) ? 1 : 0;
        });
        var victim = hub.Spawn(() =>
        {
            var connection = inner.AddGreenletCancellation();
            connection.Open();
            connection.ExecuteScalar<long>("with recursive numbers(n) as (select 1 union all select n + 1 from numbers where is_over() = 0) select count(*) from numbers");
        });
        await hub.Until(() => Volatile.Read(ref isReached), "the query");

        victim.Kill();
        await hub.Run(static () => { });
        Assert.False(victim.IsReady);
        Volatile.Write(ref isOver, true);
        await hub.Ends(victim);

        Assert.Equal(GreenletStatus.Killed, victim.Status);
        Assert.Equal(1, inner.ExecuteScalar<long>("select 1"));
    }
}
