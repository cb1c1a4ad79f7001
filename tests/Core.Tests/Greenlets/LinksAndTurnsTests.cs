using GreenletBridge.Core.Tests.Hubs;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>When a link is called, and what is said of one that waits for its turn.</summary>
public sealed class LinksAndTurnsTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Link_EveryCarrierThatMayBeginWorkWaitsForIt_IsCalled(HubLoop loop)
    {
        var pool = NewPool(new CarrierOptions { Max = 1, IdleTimeout = TimeSpan.FromSeconds(1) });
        var hub = StartHub(loop, options => options.Carriers = pool);
        var (goOn, linked) = (new GreenletEvent(), new GreenletEvent());
        AtEnd(linked.Set);
        var ends = hub.Spawn(async () => { await goOn.WaitAsync(); });
        ends.Link(_ => linked.Set());
        Waits(ends);
        var holder = hub.Spawn(() => { linked.Wait(); });
        Waits(holder);

        goOn.Set();

        Succeeds(ends, holder);
    }

    [Fact]
    public void WaitingFor_OfThoseThatYieldAndIdle_SaysWhichOfBoth()
    {
        var hub = StartExclusive();
        var seen = hub.Spawn(() =>
        {
            var (yields, idles) = (hub.Spawn(Greenlet.Yield), hub.Spawn(Greenlet.Idle));
            // Both have begun to wait when this comes back, and have not gone on
            Greenlet.Yield();
            return (yields.WaitingFor, idles.WaitingFor);
        });

        Assert.Equal(("its turn", "its hub to be idle"), Gives(seen));
    }
}
