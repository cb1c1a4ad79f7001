using System.Data.Common;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What the members of a greenlet promise beside their main work: results, tokens and contexts of the rarer cases.</summary>
public sealed class SmallPrintTests : HubTests
{
    private readonly AsyncLocal<string?> _flowing = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GetResult_CalledByHandBeforeTheEnd_WaitsForIt(bool withValue)
    {
        var hub = StartHub();
        var gate = new TaskCompletionSource();
        var greenlet = hub.Spawn(async () =>
        {
            await gate.Task;
            return 1;
        });
        var ended = new TaskCompletionSource<bool>();
        var thread = new Thread(() =>
        {
            if (withValue)
                greenlet.GetAwaiter().GetResult();
            else
                ((Greenlet)greenlet).GetAwaiter().GetResult();
            ended.SetResult(greenlet.IsReady);
        })
        { IsBackground = true };

        thread.Start();
        Deadline.Wait(() => ended.Task.IsCompleted || (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread to wait", () => hub.Snapshot().ToString());
        gate.SetResult();

        Deadline.Wait(ended.Task, "the end", () => hub.Snapshot().ToString());
        Assert.True(ended.Task.Result);
    }

    [Fact]
    public void Await_TheGreenletHasChangedNothing_TheAwaitingCodeKeepsItsOwnContext()
    {
        var hub = StartHub();
        using var gate = new ManualResetEventSlim();
        var seen = hub.Spawn(async () =>
        {
            _flowing.Value = "before";
            var other = hub.Spawn(() =>
            {
                gate.Wait();
                return 1;
            });
            _flowing.Value = "after";
            gate.Set();
            await other;
            return _flowing.Value;
        });

        Assert.Equal("after", Gives(seen));
    }

    [Fact]
    public void Kill_OfOneThatHasNotBegun_CancelsItsToken()
    {
        var greenlet = StartHub().Create(static () => 1);
        var token = greenlet.KillToken;

        Assert.True(greenlet.Kill());

        Assert.True(token.IsCancellationRequested);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task Start_OfOneThatHasEnded_OnAHubThatHasStopped_DoesNothing(HubLoop loop)
    {
        var hub = StartHub(loop);
        var greenlet = hub.Spawn(static () => 1);
        Ends(greenlet);
        await hub.StopAsync(TimeSpan.Zero);

        greenlet.Start();
        greenlet.StartLater(TimeSpan.FromHours(1));

        Assert.Equal(1, greenlet.Get());
    }

    [Fact]
    public void Unlink_TheOnlyLink_SaysThatItWasThereOnce()
    {
        var calls = 0;
        var greenlet = StartHub().Create(static () => 1);
        Action<Greenlet> callback = _ => calls++;
        greenlet.Link(callback);

        Assert.True(greenlet.Unlink(callback));
        Assert.False(greenlet.Unlink(callback));

        greenlet.Start();
        Succeeds(greenlet);
        Assert.Equal(0, calls);
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

    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_Caught_AnInterruptOfItsOwnAfterwards_IsWhatItEndsWith(HubLoop loop)
    {
        var own = new ThreadInterruptedException("The test's own.");
        var greenlet = StartHub(loop).Spawn(() =>
        {
            Assert.Throws<GreenletExitException>(static () => Greenlet.Sleep(Timeout.Infinite));
            throw own;
        });
        Waits(greenlet);

        greenlet.Kill();

        Ends(greenlet);
        Assert.Same(own, greenlet.Exception);
        Assert.Equal(GreenletStatus.Faulted, greenlet.Status);
    }

    [Fact]
    public void Context_PostAndSendOfNothing_AreRefused()
    {
        var greenlet = StartHub().Spawn(static () =>
        {
            var context = SynchronizationContext.Current!;
            Assert.Equal("d", Assert.Throws<ArgumentNullException>(() => context.Post(null!, null)).ParamName);
            Assert.Equal("d", Assert.Throws<ArgumentNullException>(() => context.Send(null!, null)).ParamName);
        });

        Succeeds(greenlet);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Local_UsedByWhatTheGreenletHasLeftRunning_KeepsNothing(HubLoop loop)
    {
        var hub = StartHub(loop);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource<(bool Before, string? After)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var local = new GreenletLocal<string>();
        var greenlet = hub.Spawn(() =>
        {
            local.Value = "its own";
            _ = GoOn();
            return Task.CompletedTask;

            async Task GoOn()
            {
                await gate.Task;
                var before = local.HasValue;
                local.Value = "later";
                left.SetResult((before, local.Value));
            }
        });
        Succeeds(greenlet);

        gate.SetResult();

        Deadline.Wait(left.Task, "what it has left", () => hub.Snapshot().ToString());
        Assert.Equal((false, null), left.Task.Result);
    }

    [Fact]
    public void Snapshot_OfOneThatRuns_SaysNothingOfAWait()
    {
        var hub = StartHub();
        var (runs, isSeen) = (false, false);
        var profile = new WorkProfile("profiled");
        var greenlet = hub.SpawnInPlace(
            () =>
            {
                Volatile.Write(ref runs, true);
                Computes(() => Volatile.Read(ref isSeen));
                return Task.CompletedTask;
            },
            profile);
        Deadline.Wait(() => Volatile.Read(ref runs), "it runs", () => hub.Snapshot().ToString());

        var row = Assert.Single(hub.Snapshot().Greenlets);
        Volatile.Write(ref isSeen, true);

        Assert.Equal((null, null), (row.WaitingFor, row.WaitedFor));
        Assert.Equal("profiled", row.Tag);
        Succeeds(greenlet);
    }

    private sealed class DatabaseError : DbException;
}
