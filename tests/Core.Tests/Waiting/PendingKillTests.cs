using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Waiting;

/// <summary>A kill that is pending when waits begin.</summary>
public sealed class PendingKillTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void Kill_PendingWhenSeveralWaitsBegin_EndsAllOfThem(HubLoop loop)
    {
        var isKilled = false;
        var begins = false;
        var greenlet = StartExclusive(loop).Spawn(async () =>
        {
            Volatile.Write(ref begins, true);
            Computes(() => Volatile.Read(ref isKilled));
            await Task.WhenAll(Greenlet.SleepAsync(Timeout.InfiniteTimeSpan), Greenlet.SleepAsync(Timeout.InfiniteTimeSpan));
        });
        Deadline.Wait(() => Volatile.Read(ref begins), "its begin", () => $"{greenlet.Hub?.Snapshot()}");

        greenlet.Kill();
        Volatile.Write(ref isKilled, true);

        Ends(greenlet);
        Assert.Equal(GreenletStatus.Killed, greenlet.Status);
    }
}
