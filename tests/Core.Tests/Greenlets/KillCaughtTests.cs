using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

#pragma warning disable RS0030 // Thread.Sleep is what the kill breaks off.

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>A kill that was thrown and caught: it is not thrown again, and what the greenlet ends with afterwards is looked at for it.</summary>
public sealed class KillCaughtTests : HubTests
{
    private static readonly TimeSpan _forever = TimeSpan.FromMinutes(10);

    [Fact]
    public void Kill_BrokeASleepOfAsyncCodeAndWasCaught_IsNotThrownAgain()
    {
        Runner? first = null;
        Thread? sleeper = null;
        // On the engine's threads alone: no other is interrupted
        var victim = StartHub().Spawn(async () =>
        {
            Volatile.Write(ref first, Runner.Current);
            Volatile.Write(ref sleeper, Thread.CurrentThread);
            Assert.Throws<ThreadInterruptedException>(static () => Thread.Sleep(_forever));
            await Greenlet.YieldAsync();
            // The segment of the sleep lost its hub and may not be over: what is to be seen is what it does at its end
            var isOver = SpinWait.SpinUntil(() => Runner.Current == first || first!.Segment == SegmentState.InHub, Deadline.Default);
            await Greenlet.YieldAsync();
            return isOver;
        });
        Deadline.Wait(() => Volatile.Read(ref sleeper)?.ThreadState.HasFlag(ThreadState.WaitSleepJoin) == true, "the sleep", () => $"{victim.Hub?.Snapshot()}");

        victim.Kill();

        Assert.True(Gives(victim));
    }

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
}
