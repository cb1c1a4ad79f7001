using System.Data.Common;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

#pragma warning disable RS0030 // Thread.Sleep is what a limit has to leave alone.

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>Which code a limit of time reaches, and what is known of several that are up.</summary>
public sealed class LimitScopeTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Await_AGreenletThatChangedItsContext_TheLimitStillReachesTheAwaitingCode(HubLoop loop)
    {
        var local = new AsyncLocal<int>();
        var hub = StartHub(loop);
        var changes = hub.Spawn(() => { local.Value = 1; });
        var greenlet = hub.Spawn(async () =>
        {
            using var limit = GreenletTimeout.Start(TimeSpan.FromMilliseconds(50));
            await changes;
            Assert.Equal(1, local.Value);
            await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan);
        });

        Ends(greenlet);
        Assert.IsType<GreenletTimeoutException>(greenlet.Exception);
    }

    [Fact]
    public void Start_InAnAsyncMethod_TheThreadThatBlocksBesideItIsNotInterrupted()
    {
        // On the engine's threads: no other is ever interrupted
        var greenlet = StartHub().Spawn(static async () =>
        {
            var limited = Limited();
            // Long enough that the limit is up meanwhile, and looks for a wait that it may break off
            Assert.Null(Record.Exception(static () => Thread.Sleep(500)));
            return await limited;
        });

        Assert.True(Gives(greenlet));

        static async Task<bool> Limited()
        {
            using var limit = GreenletTimeout.Start(TimeSpan.FromMilliseconds(10));
            try
            {
                await Greenlet.SleepAsync(Timeout.InfiniteTimeSpan);
                return false;
            }
            catch (GreenletTimeoutException error)
            {
                return error.Owner == limit;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void WithTimeout_ItsCodeWaitsInAnotherExecutionContext_IsReachedThere(HubLoop loop)
    {
        var context = ExecutionContext.Capture()!;
        var greenlet = StartHub(loop).Spawn(() => Greenlet.WithTimeout(
            TimeSpan.Zero,
            () =>
            {
                ExecutionContext.Run(context, static _ => Greenlet.Sleep(Timeout.Infinite), null);
                return "came";
            },
            "limited"));

        Assert.Equal("limited", Gives(greenlet));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void TwoAreUp_TheHubComesLate_BothTokensAreCancelledBeforeTheFirstIsThrown(HubLoop loop)
    {
        var second = TimeSpan.FromSeconds(1);
        var time = new ManualTimeProvider();
        var hub = StartExclusive(loop, options => options.TimeProvider = time);
        var (isStarted, isLate) = (false, false);
        var greenlet = hub.Spawn(() =>
        {
            using var outer = GreenletTimeout.Start(second);
            using var inner = GreenletTimeout.Start(second / 2);
            var token = outer.Token;
            // Holds the hub while the time passes: it finds both at one look
            Volatile.Write(ref isStarted, true);
            Computes(() => Volatile.Read(ref isLate));
            var error = Assert.Throws<GreenletTimeoutException>(static () => Greenlet.Sleep(Timeout.Infinite));
            return (error.Owner == inner, token.IsCancellationRequested);
        });
        Deadline.Wait(() => Volatile.Read(ref isStarted), "it runs", () => hub.Snapshot().ToString());

        time.Advance(second);
        Volatile.Write(ref isLate, true);

        Assert.Equal((true, true), Gives(greenlet));
    }

    [Fact]
    public void Limit_UpButNotThrown_IsNoCauseOfOthersErrors_AndCanBeCancelled()
    {
        var greenlet = StartHub().Spawn(static () =>
        {
            using (Greenlet.Shield())
            using (var limit = GreenletTimeout.Start(TimeSpan.Zero))
            {
                var token = limit.Token;
                while (!token.IsCancellationRequested)
                    Greenlet.Yield();
                return (
                    Database: limit.IsCauseOf(new DatabaseError()),
                    Kill: limit.IsCauseOf(new GreenletExitException()),
                    Own: limit.IsCauseOf(new OperationCanceledException(token)),
                    Stopped: limit.Cancel());
            }
        });

        Assert.Equal((false, false, true, true), Gives(greenlet));
    }

    private sealed class DatabaseError : DbException;
}
