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
        var second = time.Left;

        Assert.True(first < limit, $"{first} of {limit}");
        Assert.True(second < first, $"{second} after {first}");
    }

    [Fact]
    public void Left_WithoutALimitOrOnlyALook_StaysSo()
    {
        Assert.Null(WaitTime.Start(null).Left);
        Assert.Equal(Timeout.InfiniteTimeSpan, WaitTime.Start(Timeout.InfiniteTimeSpan).Left);
        Assert.Equal(TimeSpan.Zero, WaitTime.Start(TimeSpan.Zero).Left);
    }
}
