using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>A kill that was thrown and caught: what the greenlet ends with afterwards.</summary>
public sealed class KillCaughtTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_CaughtAndThrownTogetherWithALimitThatWasCaughtBefore_IsWhatItEndsWith(HubLoop loop)
    {
        var isPast = false;
        var greenlet = StartHub(loop).Spawn(Fails);
        Deadline.Wait(() => Volatile.Read(ref isPast) && greenlet.Status == GreenletStatus.Waiting, "the second wait", () => $"{greenlet.Hub?.Snapshot()}");

        greenlet.Kill();

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);

        void Fails()
        {
            Exception limit;
            using (GreenletTimeout.Start(TimeSpan.Zero))
                limit = Assert.Throws<GreenletTimeoutException>(static () => Greenlet.Sleep(Timeout.Infinite));
            Volatile.Write(ref isPast, true);
            var kill = Assert.Throws<GreenletExitException>(static () => Greenlet.Sleep(Timeout.Infinite));
            throw new AggregateException(limit, kill);
        }
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
}
