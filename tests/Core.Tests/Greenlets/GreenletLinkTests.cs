using GreenletBridge.Core.Tests.Hubs;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>When a link is called, and what is said of one that is taken off.</summary>
public sealed class GreenletLinkTests : HubTests
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
}
