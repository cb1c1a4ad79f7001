using System.Diagnostics;
using GreenletBridge.Drivers.Tests.Support;
using Npgsql;

namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>Synchronous queries that wait on the server, many at once, with no adapter.</summary>
public sealed class PgSleepTests : PostgresTests
{
    private const int AtOnce = 100;

    protected override int PoolSize => AtOnce;

    [Theory]
    [InlineData(QueryForm.AdoNet)]
    [InlineData(QueryForm.Dapper)]
    [InlineData(QueryForm.EntityFramework)]
    public async Task PgSleep_100AtOnceOnAWarmPool_TakeAboutTheTimeOfOne(QueryForm form)
    {
        await using var hub = new DriverHub();
        using var shop = NewShop();
        await RunAll(hub, () => shop.Sleep(form, 0.5, 1));

        var started = Stopwatch.GetTimestamp();
        var answers = await RunAll(hub, () => shop.Sleep(form, 2, 3));

        Assert.All(answers, answer => Assert.Equal(3, answer));
        // One takes 2 s, a quiet machine 2.1 for all; one after the other would take 200. The rest is for a machine that is busy with all test projects
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData(QueryForm.AdoNet)]
    [InlineData(QueryForm.EntityFramework)]
    public async Task Open_PoolIsExhausted_OthersRunAndAKillEndsTheWait(QueryForm form)
    {
        await using var hub = new DriverHub();
        var small = new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 1 }.ConnectionString;
        using var shop = new Shop(NpgsqlDataSource.Create(small), small);
        var holder = hub.Spawn(() => shop.Ask(form, "select 1::bigint from pg_sleep(30)"));
        await UntilExecuting(1, "pg_sleep(30)", hub.Snapshot);

        var waiting = hub.Spawn(() => shop.Ask(form, "select 2::bigint"));
        await hub.Waits(waiting);
        await hub.Run(static () => { });
        waiting.Kill();
        await hub.Ends(waiting);

        Assert.Equal(GreenletStatus.Killed, waiting.Status);
        Assert.False(holder.IsReady);
        holder.Kill();
        await hub.Ends(holder);
        Assert.Equal(1, await hub.Run(() => shop.Ask(form, "select 1::bigint")));
    }

    private static Task<long[]> RunAll(DriverHub hub, Func<long> body) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => hub.Run(body)));
}
