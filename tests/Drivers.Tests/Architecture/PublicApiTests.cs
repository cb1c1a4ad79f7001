using Microsoft.EntityFrameworkCore;

namespace GreenletBridge.Drivers.Tests.Architecture;

/// <summary>Holds the public surface of the EF Core adapter to what was approved.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_OfEntityFrameworkCore_IsAsApproved()
    {
        var difference = PublicSurface.Compare(typeof(GreenletDbContextOptionsExtensions).Assembly, "tests/Drivers.Tests/Architecture/PublicApi.txt");

        Assert.True(difference is null, difference);
    }
}
