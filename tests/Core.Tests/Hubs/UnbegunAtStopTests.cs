using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>A hub stops while work has not begun: nobody is left waiting for it, and what is another hub's stays that hub's.</summary>
public sealed class UnbegunAtStopTests : HubTests
{
    private static readonly TimeSpan _longDrain = TimeSpan.FromMinutes(10);

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task StopAsync_TheCapHoldsItBack_IsKilledWithoutACarrier(HubLoop loop)
    {
        var pool = NewPool(new CarrierOptions { Max = 1, IdleTimeout = TimeSpan.FromSeconds(1) });
        var holder = StartHub(loop, options => options.Carriers = pool);
        var hub = StartHub(loop, options => options.Carriers = pool);
        var gate = new GreenletEvent();
        var held = holder.Spawn(() => gate.Wait());
        Waits(held);
        var isRun = false;
        var unbegun = hub.Spawn(() => { isRun = true; });

        await Deadline.For(hub.StopAsync(TimeSpan.Zero), "the stop", () => $"{hub.Snapshot()}{Environment.NewLine}{holder.Snapshot()}");

        Assert.Equal((GreenletStatus.Killed, false), (unbegun.Status, isRun));
        Assert.Equal(GreenletStatus.Waiting, held.Status);
        gate.Set();
        Succeeds(held);
    }

    [Fact]
    public async Task StopAsync_LongerThanATimerCanBe_Ends()
    {
        var hub = StartHub();

        await Deadline.For(hub.StopAsync(TimeSpan.MaxValue), "the stop", () => hub.Snapshot().ToString());

        await Deadline.For(hub.DisposeAsync().AsTask(), "its end once more");
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task StopAsync_AFailureIsNotReportedYet_ItIsReportedBeforeTheStopEnds(HubLoop loop)
    {
        var listener = new RecordingHubListener();
        var hub = StartHub(loop, options => options.Listener = listener);
        var failed = hub.Spawn(static () => throw new InvalidOperationException("nobody looks"));
        Deadline.Wait(() => failed.Status == GreenletStatus.Faulted && hub.Snapshot().Active == 0, "the failure", () => hub.Snapshot().ToString());

        await Deadline.For(hub.StopAsync(TimeSpan.Zero), "the stop", () => hub.Snapshot().ToString());

        Deadline.Wait(() => !listener.Faulted.IsEmpty, "the report");
        Assert.Same(failed, Assert.Single(listener.Faulted));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task Group_OneHubHasStopped_TheOthersTakeAllOfTheWork(HubLoop loop)
    {
        var group = StartGroup(2, loop);
        await Deadline.For(group.Hubs[0].StopAsync(TimeSpan.Zero), "the stop of one");
        using var gate = new ManualResetEventSlim();
        // On the other, whose turn it takes; exclusive or not, what comes next may go to no hub that has stopped
        var first = group.Spawn(() => gate.Wait());
        Waits(first);

        var greenlets = Enumerable.Range(0, 20).Select(i => group.Spawn(() => i)).ToArray();
        gate.Set();

        Succeeds(greenlets);
        Succeeds(first);
        Assert.All(greenlets, greenlet => Assert.Same(group.Hubs[1], greenlet.Hub));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task Group_OneHubDrains_ItBeginsNoMoreOfTheWork(HubLoop loop)
    {
        // One that computes keeps its hub, even if a machine under load makes it look blocked
        var group = StartGroup(2, loop, static options => options.BlockingPolicy = BlockingPolicy.Report);
        var (turns, isOver, ends) = (0, false, false);
        // Each turn the hub looks for more to do
        var drained = group.Hubs[0].Spawn(() =>
        {
            for (; !Volatile.Read(ref ends); turns++)
                Greenlet.Yield();
        });
        var other = group.Hubs[1].Spawn(() => Computes(() => Volatile.Read(ref isOver)));
        Deadline.Wait(() => Volatile.Read(ref turns) > 0 && other.Status == GreenletStatus.Running, "both run", () => $"{group.Hubs[0].Snapshot()}");
        var stop = group.Hubs[0].StopAsync(_longDrain);

        var greenlets = Enumerable.Range(0, 20).Select(i => group.Spawn(() => i)).ToArray();
        var before = Volatile.Read(ref turns);
        Deadline.Wait(() => Volatile.Read(ref turns) > before + 1_000, "the turns", () => $"{group.Hubs[0].Snapshot()}");
        Assert.All(greenlets, static greenlet => Assert.Equal(GreenletStatus.Scheduled, greenlet.Status));
        Volatile.Write(ref isOver, true);

        Succeeds(greenlets);
        Assert.All(greenlets, greenlet => Assert.Same(group.Hubs[1], greenlet.Hub));
        Volatile.Write(ref ends, true);
        await Deadline.For(stop, "the stop", () => group.Hubs[0].Snapshot().ToString());
        Assert.Equal(GreenletStatus.Completed, drained.Status);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task Group_AllHubsStop_WhatHasNotBegunStillRunsInTheTimeToDrain(HubLoop loop)
    {
        var group = StartGroup(2, loop, static options => options.Carriers = new CarrierPool(new CarrierOptions { Max = 1, IdleTimeout = TimeSpan.FromSeconds(1) }));
        using var gate = new ManualResetEventSlim();
        var first = group.Spawn(() => gate.Wait());
        Waits(first);
        var greenlets = Enumerable.Range(0, 20).Select(i => group.Spawn(() => i)).ToArray();

        var stop = group.StopAsync(_longDrain);
        gate.Set();

        await Deadline.For(stop, "the stop", () => string.Join(Environment.NewLine, group.Hubs.Select(hub => hub.Snapshot())));
        Assert.All(greenlets, static greenlet => Assert.Equal(GreenletStatus.Completed, greenlet.Status));
    }
}
