using System.Data;
using System.Data.Common;
using GreenletBridge.Drivers.Tests.PlainDriver;
using GreenletBridge.Drivers.Tests.Support;
using GreenletBridge.Hosting;

namespace GreenletBridge.Drivers.Tests.Databases;

/// <summary>A driver without asynchronous form, decorated: its calls are made beside the hub, which here is one that never hands off.</summary>
public sealed class OffloadTests
{
    private static readonly Action<HubOptions> _exclusive = static options => options.StrictExclusive = true;

    public static TheoryData<string> Calls => ["Open", "BeginTransaction", "Commit", "Rollback", "Prepare", "ExecuteNonQuery", "ExecuteScalar", "ExecuteReader"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_InABlockingBody_OthersRunMeanwhile(string call)
    {
        await using var hub = new DriverHub(_exclusive);
        var gate = new DriverGate();
        using var plain = new PlainConnection();
        var thread = 0;
        var caller = hub.Spawn(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            Make(plain, call, () => plain.Works = _ => gate.Pass());
        });

        await hub.Until(() => gate.IsReached, "the call");
        await hub.Run(gate.Open);
        await hub.Ends(caller);

        Assert.Equal(GreenletStatus.Completed, caller.Status);
        Assert.NotEqual(thread, plain.Thread!.ManagedThreadId);
        Assert.False(plain.WasShared);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_InAnAsyncBody_OthersRunMeanwhile(string call)
    {
        await using var hub = new DriverHub(_exclusive);
        var gate = new DriverGate();
        using var plain = new PlainConnection();
        var caller = hub.Spawn(() => MakeAsync(plain, call, () => plain.Works = _ => gate.Pass()));

        await hub.Until(() => gate.IsReached, "the call");
        await hub.Run(gate.Open);
        await hub.Ends(caller);

        Assert.Equal(GreenletStatus.Completed, caller.Status);
        Assert.False(plain.WasShared);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_OfACommandThatCanBeCancelled_EndsItAndWaitsForIt(bool isAsync)
    {
        await using var hub = new DriverHub(_exclusive);
        using var plain = new PlainConnection();
        var isReached = false;
        plain.Works = command =>
        {
            if (command is null)
                return;
            Volatile.Write(ref isReached, true);
            Deadline.Wait(() => command.IsCancelled, "the cancel");
            throw new PlainException("cancelled");
        };
        var victim = isAsync ? hub.Spawn(() => MakeAsync(plain, "ExecuteReader")) : hub.Spawn(() => Make(plain, "ExecuteReader"));
        await hub.Until(() => Volatile.Read(ref isReached), "the call");

        victim.Kill();
        await hub.Ends(victim);

        Assert.Equal(GreenletStatus.Killed, victim.Status);
        Assert.True(plain.IsDisposed);
        Assert.False(plain.WasShared);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_OfACallThatCannotBeEnded_WaitsForItsEnd_AndNobodyTouchesTheConnection(bool isAsync)
    {
        await using var hub = new DriverHub(_exclusive);
        var gate = new DriverGate();
        using var plain = new PlainConnection();
        void Block() => plain.Works = _ => gate.Pass();
        var wentOn = false;
        var victim = isAsync
            ? hub.Spawn(async () =>
            {
                await MakeAsync(plain, "Commit", Block);
                wentOn = true;
            })
            : hub.Spawn(() =>
            {
                Make(plain, "Commit", Block);
                wentOn = true;
            });
        await hub.Until(() => gate.IsReached, "the call");
        await hub.Waits(victim);

        victim.Kill();
        // It has been thrown once the greenlet waits anew; others run all the time
        for (var i = 0; i < 20; i++)
            await hub.Run(static () => { });
        Assert.False(victim.IsReady);
        Assert.Contains(hub.Hub.Snapshot().Greenlets, greenlet => greenlet.Id == victim.Id && greenlet.IsKillPending);
        Assert.False(plain.IsDisposed);
        gate.Open();
        await hub.Ends(victim);

        Assert.Equal(GreenletStatus.Killed, victim.Status);
        Assert.False(wentOn);
        Assert.True(plain.IsDisposed);
        Assert.False(plain.WasShared);
    }

    [Fact]
    public async Task Limit_OfACommandThatCanBeCancelled_EndsIt_AndTheCommandCanBeUsedAgain()
    {
        await using var hub = new DriverHub(_exclusive);
        using var plain = new PlainConnection();

        await hub.Run(() =>
        {
            using var connection = plain.AddGreenletCancellation();
            using var command = connection.CreateCommand();
            command.CommandTimeout = 7;
            plain.Works = static inner => Deadline.Wait(() => inner!.IsCancelled, "the cancel");
            Assert.Equal(-1, Greenlet.WithTimeout(TimeSpan.FromMilliseconds(20), command.ExecuteNonQuery, -1));
            Assert.Equal(7, command.CommandTimeout);
            var timeout = 0;
            plain.Works = inner => timeout = inner!.CommandTimeout;
            Assert.Equal(1, command.ExecuteNonQuery());
            Assert.Equal(7, timeout);
        });
    }

    [Fact]
    public async Task Token_OfAnAwaitedCommand_EndsIt()
    {
        await using var hub = new DriverHub(_exclusive);
        using var plain = new PlainConnection();
        using var cancel = new CancellationTokenSource();
        var isReached = false;
        plain.Works = inner =>
        {
            Volatile.Write(ref isReached, true);
            Deadline.Wait(() => inner!.IsCancelled, "the cancel");
        };
        var caller = hub.Spawn(async () =>
        {
            await using var connection = plain.AddGreenletCancellation();
            await using var command = connection.CreateCommand();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command.ExecuteNonQueryAsync(cancel.Token));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command.ExecuteNonQueryAsync(cancel.Token));
        });
        await hub.Until(() => Volatile.Read(ref isReached), "the call");

        await cancel.CancelAsync();
        await hub.Ends(caller);

        Assert.Equal(GreenletStatus.Completed, caller.Status);
        Assert.False(plain.WasShared);
    }

    [Fact]
    public async Task Call_ThatFails_ThrowsWhatTheDriverThrows()
    {
        await using var hub = new DriverHub(_exclusive);
        using var plain = new PlainConnection { Works = static command => throw (command is null ? new InvalidOperationException("no") : new PlainException("bad")) };

        await hub.Run(() =>
        {
            using var connection = plain.AddGreenletCancellation();
            Assert.Equal("no", Assert.Throws<InvalidOperationException>(connection.Open).Message);
            using var command = connection.CreateCommand();
            Assert.Equal("bad", Assert.Throws<PlainException>(() => command.ExecuteNonQuery()).Message);
        });
    }

    [Theory]
    [InlineData(DbOffload.WhenNeeded, false)]
    [InlineData(DbOffload.Always, true)]
    [InlineData(DbOffload.Never, false)]
    public async Task DriverWithAnAsyncForm_IsOffloadedOnlyIfItMust(DbOffload offload, bool isBeside)
    {
        await using var hub = new DriverHub();
        using var plain = new AsyncConnection();

        var thread = await hub.Run(() =>
        {
            using var connection = plain.AddGreenletCancellation(offload);
            using var command = connection.CreateCommand();
            command.ExecuteNonQuery();
            return Thread.CurrentThread;
        });

        Assert.Equal(isBeside, thread != plain.Thread);
    }

    [Fact]
    public async Task NoGreenletOrNever_IsMadeWhereItIsCalled()
    {
        await using var hub = new DriverHub();
        using var plain = new PlainConnection();
        Make(plain, "ExecuteScalar");
        Assert.Equal(Thread.CurrentThread, plain.Thread);

        Assert.True(await hub.Run(() =>
        {
            using var connection = plain.AddGreenletCancellation(DbOffload.Never);
            connection.Open();
            return Thread.CurrentThread == plain.Thread;
        }));
        Assert.Throws<ArgumentOutOfRangeException>(() => plain.AddGreenletCancellation((DbOffload)7));
    }

    [Fact]
    public async Task Offloaded_IsToldOnceForADriver()
    {
        var listener = new OffloadListener();
        await using var hub = new DriverHub(options => options.Listener = listener);

        for (var i = 0; i < 3; i++)
        {
            await hub.Run(static () => Make(new PlainConnection(), "ExecuteScalar"));
            await hub.Run(static () => Make(new AsyncConnection(), "ExecuteScalar"));
        }

        Assert.Equal([(hub.Hub, typeof(PlainConnection).FullName)], listener.Told);
    }

    private static void Make(PlainConnection plain, string call, Action? before = null)
    {
        using var connection = plain.AddGreenletCancellation();
        if (call == "Open")
            before?.Invoke();
        connection.Open();
        if (call == "BeginTransaction")
            before?.Invoke();
        using var transaction = connection.BeginTransaction(IsolationLevel.Serializable);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        if (call is not ("Open" or "BeginTransaction"))
            before?.Invoke();
        switch (call)
        {
            case "Commit":
                transaction.Commit();
                break;
            case "Rollback":
                transaction.Rollback();
                break;
            case "Prepare":
                command.Prepare();
                break;
            case "ExecuteNonQuery":
                Assert.Equal(1, command.ExecuteNonQuery());
                break;
            case "ExecuteScalar":
                Assert.Equal(1, command.ExecuteScalar());
                break;
            case "ExecuteReader":
                using (var reader = command.ExecuteReader())
                    Assert.False(reader.Read());
                break;
        }
    }

    private static async Task MakeAsync(PlainConnection plain, string call, Action? before = null)
    {
        await using var connection = plain.AddGreenletCancellation();
        if (call == "Open")
            before?.Invoke();
        await connection.OpenAsync();
        if (call == "BeginTransaction")
            before?.Invoke();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        if (call is not ("Open" or "BeginTransaction"))
            before?.Invoke();
        switch (call)
        {
            case "Commit":
                await transaction.CommitAsync();
                break;
            case "Rollback":
                await transaction.RollbackAsync();
                break;
            case "Prepare":
                await command.PrepareAsync();
                break;
            case "ExecuteNonQuery":
                Assert.Equal(1, await command.ExecuteNonQueryAsync());
                break;
            case "ExecuteScalar":
                Assert.Equal(1, await command.ExecuteScalarAsync());
                break;
            case "ExecuteReader":
                await using (var reader = await command.ExecuteReaderAsync())
                    Assert.False(await reader.ReadAsync());
                break;
        }
    }

    private sealed class OffloadListener : HubListener
    {
        public List<(Hub, string?)> Told { get; } = [];

        public override void OnOffloaded(Hub hub, string what)
        {
            lock (Told)
                Told.Add((hub, what));
        }
    }
}
