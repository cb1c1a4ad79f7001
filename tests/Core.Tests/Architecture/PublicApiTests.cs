using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Architecture;

/// <summary>Holds Core's public surface to what was approved.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_OfCore_IsAsApproved()
    {
        var difference = PublicSurface.Compare(typeof(Hub).Assembly, "tests/Core.Tests/Architecture/PublicApi.txt");

        Assert.True(difference is null, difference);
    }
}
