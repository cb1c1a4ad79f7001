using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Waiting;

/// <summary>What is left of a wait that may have to be begun again.</summary>
public class WaitTimeTests
{
    [Fact]
    public void Left_OffAGreenlet_GrowsLess()
    {
        var limit = TimeSpan.FromHours(1);
        var time = WaitTime.Start(limit);

        var first = time.Left;

        Assert.True(first <= limit, $"{first} of {limit}");
        // Two looks may fall into one tick.
        Deadline.Wait(() => time.Left < first, "time to pass", () => $"{time.Left} after {first}");
    }

    [Fact]
    public void Left_WithoutALimitOrOnlyALook_StaysSo()
    {
        Assert.Null(WaitTime.Start(null).Left);
        Assert.Equal(Timeout.InfiniteTimeSpan, WaitTime.Start(Timeout.InfiniteTimeSpan).Left);
        Assert.Equal(TimeSpan.Zero, WaitTime.Start(TimeSpan.Zero).Left);
    }
}
