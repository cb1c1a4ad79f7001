using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>A failure counts as seen only by who has waited for it; any other is reported.</summary>
public sealed class UnseenFailureTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Await_WhoAwaitsHasBeenKilledBefore_IsReported(HubLoop loop) =>
        IsReported(loop, (hub, fails) =>
        {
            var killed = hub.Spawn(async () =>
            {
                Greenlet.Current!.KillFromOutside();
                await fails;
            });
            Ends(killed);
            Assert.Equal(GreenletStatus.Killed, killed.Status);
        });

    [Theory]
    [MemberData(nameof(Loops))]
    public void JoinAll_EnoughHadEndedBefore_IsReported(HubLoop loop) =>
        IsReported(loop, static (hub, fails) =>
        {
            var ended = hub.Spawn(static () => { });
            Ends(ended);
            Assert.Equal([ended], Greenlet.JoinAll([ended, fails], count: 1));
        });

    private void IsReported(HubLoop loop, Action<Hub, Greenlet> waitedFor)
    {
        var time = new ManualTimeProvider();
        var listener = new RecordingHubListener();
        var hub = StartHub(loop, options =>
        {
            options.TimeProvider = time;
            options.Listener = listener;
        });
        var gate = new GreenletEvent();
        var fails = hub.Spawn(async () =>
        {
            await gate.WaitAsync();
            throw new FormatException("the test's own");
        });
        Waits(fails);

        waitedFor(hub, fails);
        gate.Set();

        Deadline.Wait(() => fails.IsReady, "the failure", () => hub.Snapshot().ToString());
        Deadline.Wait(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return !listener.Faulted.IsEmpty;
            },
            "the report",
            () => hub.Snapshot().ToString());
        Assert.Same(fails, Assert.Single(listener.Faulted));
    }
}
