using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>The small print of waiting for, and killing, several greenlets.</summary>
public sealed class WaitsForManyTests : HubTests
{
    [Fact]
    public void WaitAnyAndJoinAll_InACallbackOfAHubs_AreRefusedEvenIfTheyNeedNotWait()
    {
        var ended = StartHub().Spawn(static () => { });
        Ends(ended);

        Assert.IsType<BlockingInHubCallbackException>(HubCallback.Run("test's", ended, static one => Greenlet.WaitAny([one])));
        Assert.IsType<BlockingInHubCallbackException>(HubCallback.Run("test's", ended, static one => Greenlet.JoinAll([one])));
    }

    [Fact]
    public async Task Lists_ThatAreNull_AreRefusedByTheNameOfTheParameter()
    {
        Assert.Equal("items", Assert.Throws<ArgumentNullException>(static () => Greenlet.WaitAny(null!)).ParamName);
        Assert.Equal("items", Assert.Throws<ArgumentNullException>(static () => Greenlet.WaitEach(null!)).ParamName);
        Assert.Equal("items", Assert.Throws<ArgumentNullException>(static () => Greenlet.WaitEachAsync(null!)).ParamName);
        Assert.Equal("greenlets", Assert.Throws<ArgumentNullException>(static () => Greenlet.JoinAll(null!)).ParamName);
        Assert.Equal("greenlets", Assert.Throws<ArgumentNullException>(static () => Greenlet.KillAll(null!)).ParamName);

        Assert.Equal("items", (await Assert.ThrowsAsync<ArgumentNullException>(static () => Greenlet.WaitAnyAsync(null!))).ParamName);
        Assert.Equal("greenlets", (await Assert.ThrowsAsync<ArgumentNullException>(static () => Greenlet.JoinAllAsync(null!))).ParamName);
        Assert.Equal("greenlets", (await Assert.ThrowsAsync<ArgumentNullException>(static () => Greenlet.KillAllAsync(null!))).ParamName);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void KillAll_TheTimeIsUp_NamesOneThatHasNotEnded(HubLoop loop)
    {
        var hub = StartHub(loop);
        var gate = new GreenletEvent();
        AtEnd(gate.Set);
        var ended = hub.Spawn(static () => { });
        ended.Name = "ended";
        Ends(ended);
        var resists = hub.Spawn(async () =>
        {
            using (Greenlet.Shield())
                await gate.WaitAsync();
        });
        resists.Name = "resists";
        Waits(resists);

        var error = Assert.Throws<TimeoutException>(() => Greenlet.KillAll([ended, resists], timeout: TimeSpan.Zero));

        Assert.Contains("\"resists\"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\"ended\"", error.Message, StringComparison.Ordinal);
        gate.Set();
        Ends(resists);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void JoinAllAsync_OfOneThatWaitsForTheCaller_WhichGoesOn_EndsWithIt(HubLoop loop)
    {
        var hub = StartHub(loop);
        var goOn = new GreenletEvent();
        AtEnd(goOn.Set);
        Greenlet? waiting = null;
        Task<IReadOnlyList<Greenlet>>? all = null;
        var caller = hub.Spawn(async () =>
        {
            await goOn.WaitAsync();
            // Not awaited: the caller ends, and with it the other's wait. No deadlock, unlike a wait that keeps the stack
            all = Greenlet.JoinAllAsync([waiting!]);
        });
        waiting = hub.Spawn(() => { caller.Join(); });
        Waits(waiting);

        goOn.Set();

        Succeeds(caller, waiting);
        Assert.Equal([waiting], Deadline.Wait(all!, "the list", () => hub.Snapshot().ToString()));
    }

    [Fact]
    public void JoinAllSource_AnEndThatComesAfterTheResult_NeitherHangsNorChangesIt()
    {
        var hub = StartHub();
        var (first, late) = (hub.Create(static () => { }), hub.Create(static () => { }));
        var source = JoinAllSource.Of([first, late], count: 1, throwOnError: false, isEndless: false);
        source.OnEnded(first);
        var result = source.Result();

        // Its greenlet was about to tell of it when the wait was given up
        var thread = new Thread(() => source.OnEnded(late)) { IsBackground = true };
        thread.Start();

        Deadline.Wait(thread, "the late end");
        Assert.Equal([first], result);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void CycleOfJoins_ThroughManyThatWaitForTheSame_IsFoundAsEachIsLookedAtOnce(HubLoop loop)
    {
        // The ways through them are 2 to this power, more than are looked at
        const int Layers = 14;
        var hub = StartHub(loop);
        var goOn = new GreenletEvent();
        AtEnd(goOn.Set);
        Greenlet[] layer = [];
        var closes = hub.Spawn(() =>
        {
            goOn.Wait();
            Greenlet.JoinAll(layer);
        });
        var all = new List<Greenlet>();
        Greenlet[] awaited = [closes];
        for (var i = 0; i < Layers; i++)
        {
            awaited = [SpawnJoiner(hub, awaited), SpawnJoiner(hub, awaited)];
            all.AddRange(awaited);
        }

        foreach (var greenlet in all)
            Waits(greenlet);
        layer = awaited;
        goOn.Set();

        Ends(closes);
        Assert.IsType<HubDeadlockException>(closes.Exception);
        Succeeds(all);
    }

    private static Greenlet SpawnJoiner(Hub hub, Greenlet[] greenlets) => hub.Spawn(() => { Greenlet.JoinAll(greenlets); });
}
