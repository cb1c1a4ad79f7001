using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Hosting.Tests.Architecture;

/// <summary>Holds Hosting's public surface to what was approved.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_OfHosting_IsAsApproved()
    {
        var difference = PublicSurface.Compare(typeof(GreenletBridgeOptions).Assembly, "tests/Hosting.Tests/Architecture/PublicApi.txt");

        Assert.True(difference is null, difference);
    }
}
