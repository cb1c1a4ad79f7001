using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>A greenlet with several stacks at once: what it has posted to its own context runs while others of it wait, or are over.</summary>
public sealed class SeveralStacksTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Status_TheSecondCameAndWentWhileTheFirstWaits_IsWaiting(HubLoop loop)
    {
        var hub = StartExclusive(loop);
        var goOn = new GreenletEvent();
        SynchronizationContext? context = null;
        var greenlet = hub.Spawn(() =>
        {
            Volatile.Write(ref context, SynchronizationContext.Current);
            goOn.Wait();
        });
        Waits(greenlet);

        var during = GreenletStatus.Created;
        context!.Post(_ => during = greenlet.Status, null);
        // One at a time: what was posted is over when this runs
        Succeeds(hub.Spawn(static () => { }));

        Assert.Equal((GreenletStatus.Running, GreenletStatus.Waiting), (during, greenlet.Status));
        goOn.Set();
        Succeeds(greenlet);
    }

    [Theory]
    [InlineData(HubLoop.Threads, true)]
    [InlineData(HubLoop.Threads, false)]
    [InlineData(HubLoop.Scheduler, true)]
    [InlineData(HubLoop.Scheduler, false)]
    public void End_WhileTheSecondWaits_ThatGoesOnAfterwards(HubLoop loop, bool isPosted)
    {
        var hub = StartExclusive(loop);
        var goOn = new GreenletEvent();
        var past = new TaskCompletionSource();
        var greenlet = hub.Spawn(() =>
        {
            var begun = false;
            if (isPosted)
                SynchronizationContext.Current!.Post(_ => Stays(), null);
            else
                _ = StaysAfterATurn();
            while (!Volatile.Read(ref begun))
                Greenlet.Yield();

            void Stays()
            {
                Volatile.Write(ref begun, true);
                goOn.Wait();
                past.SetResult();
            }

            async Task StaysAfterATurn()
            {
                await Greenlet.YieldAsync();
                Stays();
            }
        });
        Succeeds(greenlet);
        Assert.False(past.Task.IsCompleted);

        goOn.Set();

        Deadline.Wait(past.Task, "the second to go on", () => hub.Snapshot().ToString());
    }
}
