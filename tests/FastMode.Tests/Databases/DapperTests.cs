using System.Data.Common;
using System.Reflection;
using GreenletBridge.FastMode.Tests.Running;
using GreenletBridge.TestSupport;
using Npgsql;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Databases;

/// <summary>Synchronous Dapper on PostgreSQL, woven: waits for the server need no thread.</summary>
[Collection(nameof(WholeProcess))]
public sealed class DapperTests : IAsyncLifetime
{
    private const int Connections = 50;
    private readonly CarrierPool _pool = new(new CarrierOptions { IdleTimeout = TimeSpan.FromMinutes(10) });
    private readonly Type _store = WovenSet.Make(CaseAssembly.SourceOf("Database.cs"), "Store", "Dapper").Assembly.GetType("Store", throwOnError: true)!;
    private PostgresServer? _server;
    private Hub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _server = await PostgresServer.StartAsync();
        var connect = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { MaxPoolSize = Connections, Timeout = 120 }.ConnectionString;
        _store.GetField("ConnectionString")!.SetValue(null, connect);
        await Execute("create table things (id serial primary key, name text); insert into things (name) select 'thing' from generate_series(1, 3)");
        _hub = new Hub(new HubOptions { Name = "dapper", Carriers = _pool });
        _hub.Start();
    }

    [Fact]
    public async Task Requests_AThousandAtOnceOverFiftyConnections_UseNoCarrier()
    {
        var blocked = FastModeEvents.Blocked;
        var requests = Enumerable.Range(0, 1_000).Select(_ => _hub.Spawn(Function("Request"))).ToList();

        foreach (var request in requests)
            Assert.Equal(6, await For(request));
        Assert.Equal(1_003L, await Execute("select count(*) from things"));
        // Of more than ten waits each: locks of the driver and of its pool that just then somebody has
        Assert.InRange(FastModeEvents.Blocked - blocked, 0, Connections);
        // Idle ones are kept, so this is the most that there were: where the machine is busy the watchdog takes a thread that does not get on for one that blocks
        Assert.InRange(_pool.Count, 1, Connections);
    }

    [Fact]
    public async Task Query_Unbuffered_WaitsInTheIterator()
    {
        var blocked = FastModeEvents.Blocked;
        var sums = Enumerable.Range(0, 40).Select(_ => _hub.Spawn(Function("Unbuffered"))).ToList();
        foreach (var sum in sums)
            Assert.Equal(210, await For(sum));
        // Of more than ten waits each: locks of the driver and of its pool that just then somebody has
        Assert.InRange(FastModeEvents.Blocked - blocked, 0, Connections);
    }

    [Fact]
    public async Task Kill_InAQuery_LeavesPoolAndTransactionClean()
    {
        var greenlets = Enumerable.Range(0, Connections).Select(_ => _hub.Spawn(_store.GetMethod("Sleep")!.CreateDelegate<Action>())).ToList();
        await Deadline.Until(() => Execute("select count(*) from pg_stat_activity where query like '%pg_sleep(100)%' and state = 'active' and pid <> pg_backend_pid()").Result is >= (long)Connections, "all sleep on the server", Snapshot);

        foreach (var greenlet in greenlets)
            greenlet.Kill();

        await Deadline.Until(() => greenlets.TrueForAll(static g => g.IsReady), "all end", Snapshot);
        Assert.All(greenlets, static g => Assert.Equal(GreenletStatus.Killed, g.Status));
        Assert.Equal(3L, await Execute("select count(*) from things"));
        // The pool has all its connections: as many requests run at once again, and none finds another's transaction
        var requests = Enumerable.Range(0, Connections).Select(_ => _hub.Spawn(Function("Request"))).ToList();
        foreach (var request in requests)
            Assert.Equal(6, await For(request));
        Assert.Equal(0L, await Execute("select count(*) from pg_stat_activity where query like '%pg_sleep(100)%' and state = 'active' and pid <> pg_backend_pid()"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
            return;
        await Deadline.For(_hub.StopAsync(TimeSpan.FromSeconds(10)), "the hub stops", Snapshot);
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();
    }

    private Func<int> Function(string name) => _store.GetMethod(name, BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Func<int>>();

    private async Task<object?> Execute(string sql)
    {
        await using DbConnection connection = new NpgsqlConnection(_server!.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private Task<int> For(Greenlet<int> greenlet) => Deadline.For(_hub.Bridge.AsTask(greenlet), "its value", Snapshot, TimeSpan.FromMinutes(2));

    private string Snapshot() => _hub.Snapshot().ToString();
}
