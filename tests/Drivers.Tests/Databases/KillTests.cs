using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Dapper;
using GreenletBridge.Drivers.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>A kill that comes while a command runs on the server.</summary>
public sealed class KillTests : PostgresTests
{
    private const string Sleep = "select 1::bigint from pg_sleep(60)";

    public static TheoryData<QueryForm> Forms => [.. Enum.GetValues<QueryForm>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Kill_WithoutAdapter_ReplacesTheConnection(QueryForm form)
    {
        await using var hub = new DriverHub();
        using var shop = NewShop();
        var before = await hub.Run(() => shop.Ask(form, Pid));
        var greenlet = hub.Spawn(() => shop.Ask(form, Sleep));
        await UntilExecuting(1, "pg_sleep", hub.Snapshot);

        greenlet.Kill();
        await hub.Ends(greenlet);

        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.NotEqual(before, await hub.Run(() => shop.Ask(form, Pid)));
        // Nobody told the server
        Assert.Equal(1, Executing("pg_sleep"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Kill_WithAdapter_CancelsTheCommandAndKeepsTheConnection(QueryForm form)
    {
        await using var hub = new DriverHub(PatientHub);
        using var shop = NewCancellingShop();
        var before = await hub.Run(() => shop.Ask(form, Pid));
        var greenlet = hub.Spawn(() => shop.Ask(form, Sleep));
        await UntilExecuting(1, "pg_sleep", hub.Snapshot);

        greenlet.Kill();
        await hub.Ends(greenlet);

        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(0, Executing("pg_sleep"));
        Assert.Equal(before, await hub.Run(() => shop.Ask(form, Pid)));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Kill_100AtOnceWithAdapter_CancelsAllAndKeepsTheConnections(QueryForm form)
    {
        await using var hub = new DriverHub(PatientHub);
        using var shop = NewCancellingShop();
        var greenlets = Enumerable.Range(0, PoolSize).Select(_ => hub.Spawn(() => shop.Ask(form, Sleep))).ToList();
        await UntilExecuting(PoolSize, "pg_sleep", hub.Snapshot);
        var sessions = SessionCount();

        greenlets.ForEach(static greenlet => greenlet.Kill());
        foreach (var greenlet in greenlets)
            await hub.Ends(greenlet);

        Assert.All(greenlets, static greenlet => Assert.Equal(GreenletStatus.Killed, greenlet.Status));
        Assert.Equal(0, Executing("pg_sleep"));
        Assert.Equal(sessions, SessionCount());
    }

    [Fact]
    public async Task Kill_WithAnExceptionOfOnesOwn_EndsWithIt()
    {
        await using var hub = new DriverHub(PatientHub);
        using var shop = NewCancellingShop();
        var greenlet = hub.Spawn(() => shop.Ask(QueryForm.Dapper, Sleep));
        await UntilExecuting(1, "pg_sleep", hub.Snapshot);
        var reason = new InvalidTimeZoneException();

        greenlet.Kill(reason);
        await hub.Ends(greenlet);

        Assert.Same(reason, greenlet.Exception);
    }

    [Fact]
    public async Task Kill_DriversExceptionIsCaught_IsThrownAtTheNextWait()
    {
        await using var hub = new DriverHub(PatientHub);
        using var shop = NewCancellingShop();
        Exception? caught = null;
        var isPast = false;
        var greenlet = hub.Spawn(() =>
        {
            try
            {
                shop.Ask(QueryForm.AdoNet, Sleep);
            }
            catch (Exception e) when (e is DbException or OperationCanceledException)
            {
                caught = e;
            }

            Greenlet.Sleep(Timeout.Infinite);
            isPast = true;
        });
        await UntilExecuting(1, "pg_sleep", hub.Snapshot);

        greenlet.Kill();
        await hub.Ends(greenlet);

        Assert.NotNull(caught);
        Assert.False(isPast);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public async Task Kill_InAShield_DoesNotCancelTheCommand()
    {
        await using var hub = new DriverHub();
        using var shop = NewCancellingShop();
        using var held = new ServerLock(ConnectionString);
        long answer = 0;
        var greenlet = hub.Spawn(() =>
        {
            using (Greenlet.Shield())
                answer = shop.Ask(QueryForm.Dapper, held.Query);
            Greenlet.Yield();
        });
        await UntilExecuting(1, "pg_advisory_lock", hub.Snapshot);

        greenlet.Kill();
        held.LetGo();
        await hub.Ends(greenlet);

        Assert.Equal(1, answer);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public async Task Kill_WhileADecoratedConnectionIsOpened_EndsIt()
    {
        await using var hub = new DriverHub();
        // Whoever connects waits for an answer for ever
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=a;Timeout=0").AddGreenletCancellation();
        var greenlet = hub.Spawn(() => source.OpenConnection().Dispose());
        using var client = await Deadline.For(silent.AcceptTcpClientAsync(), "the connection");
        await hub.Waits(greenlet);

        greenlet.Kill();
        await hub.Ends(greenlet);

        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }

    [Fact]
    public async Task Kill_WhileRowsAreRead_CancelsTheCommandAndKeepsTheConnection()
    {
        await using var hub = new DriverHub(PatientHub);
        using var shop = NewCancellingShop();
        var rows = 0;
        var before = await hub.Run(() => shop.Ask(QueryForm.AdoNet, Pid));
        var greenlet = hub.Spawn(() =>
        {
            using var connection = shop.Source.OpenConnection();
            foreach (var row in connection.Query<string>("select repeat('x', 20000) || pg_sleep(0.05) from generate_series(1, 100000)", buffered: false))
            {
                Assert.Equal(20_000, row.Length);
                Volatile.Write(ref rows, rows + 1);
            }
        });
        await hub.Until(() => Volatile.Read(ref rows) >= 3, "three rows");

        greenlet.Kill();
        await hub.Ends(greenlet);

        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(0, Executing("pg_sleep"));
        Assert.Equal(before, await hub.Run(() => shop.Ask(QueryForm.AdoNet, Pid)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelOnKill_OfOneCommand_CancelsIt(bool isBatch)
    {
        await using var hub = new DriverHub(PatientHub);
        using var source = NpgsqlDataSource.Create(ConnectionString);
        var greenlet = hub.Spawn(() =>
        {
            using var connection = source.OpenConnection();
            if (isBatch)
            {
                using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("select 1"), new(Sleep) } };
                using (batch.CancelOnKill())
                    batch.ExecuteNonQuery();
                return;
            }

            using var command = new NpgsqlCommand(Sleep, connection);
            using (command.CancelOnKill())
                command.ExecuteNonQuery();
        });
        await UntilExecuting(1, "pg_sleep", hub.Snapshot);

        greenlet.Kill();
        await hub.Ends(greenlet);

        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(0, Executing("pg_sleep"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Kill_OfAnAsyncBody_CancelsTheCommand(QueryForm form)
    {
        await using var hub = new DriverHub(PatientHub);
        using var shop = NewCancellingShop();
        var greenlet = hub.Spawn(async () =>
        {
            // EF Core's asynchronous code leaves the greenlet: it wants the token, as it does for a request
            if (form == QueryForm.EntityFramework)
            {
                using var context = shop.NewContext();
                await context.Database.SqlQueryRaw<long>(Sleep).ToListAsync(Greenlet.Current!.KillToken);
                return;
            }

            await using var connection = await shop.Source.OpenConnectionAsync();
            if (form == QueryForm.Dapper)
            {
                await connection.QuerySingleAsync<long>(Sleep);
                return;
            }

            await using var command = connection.CreateCommand();
            command.CommandText = Sleep;
            await command.ExecuteScalarAsync();
        });
        await UntilExecuting(1, "pg_sleep", hub.Snapshot);

        greenlet.Kill();
        await hub.Ends(greenlet);

        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
        Assert.Equal(0, Executing("pg_sleep"));
    }

    // The server answers a cancel in a few milliseconds; on a machine that is busy with all test projects it may take its time
    private static void PatientHub(HubOptions options) => options.KillGrace = TimeSpan.FromSeconds(20);
}
