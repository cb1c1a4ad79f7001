using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Waiting;

/// <summary>Who sees a greenlet wait may let time pass or cancel: everything that ends the wait must be armed by then.</summary>
public class VisibleWaitTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Status_WhileTheWaitIsBeingArmed_IsRunning_AndASnapshotListsTheGreenlet(bool isBlocking)
    {
        var time = new ManualTimeProvider();
        using var hub = new Hub(new HubOptions { TimeProvider = time });
        hub.Start();
        var source = new LookingSource(hub);
        var limit = TimeSpan.FromSeconds(1);
        var greenlet = isBlocking
            ? hub.Spawn(() => Waits.Block(source, limit))
            : hub.Spawn(async () => await Waits.Async(source, limit));
        await Deadline.Until(() => greenlet.Status == GreenletStatus.Waiting, "the wait", hub.Snapshot().ToString);

        // As soon as it is seen, and not a moment after the clock has been told.
        time.Advance(limit);

        Assert.Equal(WaitOutcome.TimedOut, await Deadline.For(hub.Bridge.AsTask(greenlet), "the end of the time", hub.Snapshot().ToString));
        Assert.Equal((GreenletStatus.Running, true), (source.Status, source.IsListed));
    }

    [Fact]
    public async Task Status_WaitsBegunAndNotYetAwaited_IsRunning()
    {
        using var hub = new Hub();
        hub.Start();
        var never = hub.Create(static () => { });
        var greenlet = hub.Spawn(async () =>
        {
            var some = Waits.Async(null, TimeSpan.FromHours(1));
            never.GetAwaiter().OnCompleted(static () => { });
            var status = Greenlet.Current!.Status;
            Greenlet.Current.KillFromOutside();
            await Assert.ThrowsAsync<GreenletExitException>(async () => await some);
            return status;
        });

        Assert.Equal(GreenletStatus.Running, await Deadline.For(hub.Bridge.AsTask(greenlet), "the end", hub.Snapshot().ToString));
        never.Kill();
    }

    /// <summary>Never comes; looks at its greenlet while the wait begins.</summary>
    private sealed class LookingSource(Hub hub) : IWaitSource
    {
        public GreenletStatus Status { get; private set; }

        public bool IsListed { get; private set; }

        public bool TryAdd(Waiter waiter)
        {
            Status = Greenlet.Current!.Status;
            IsListed = hub.Snapshot().Greenlets.Any(one => one.Id == Greenlet.Current.Id);
            return true;
        }

        public void Remove(Waiter waiter)
        {
            // It keeps no list
        }

        public string Describe() => "nothing";
    }
}
