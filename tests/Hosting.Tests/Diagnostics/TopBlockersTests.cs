namespace GreenletBridge.Hosting.Tests.Diagnostics;

public sealed class TopBlockersTests : IDisposable
{
    private readonly TopBlockers _blockers = new();
    private readonly Hub _hub;

    public TopBlockersTests() => _hub = new Hub(new HubOptions { Name = "lane", Listener = _blockers });

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void Top_BlockagesAtTwoPlaces_AreSummedByPlace()
    {
        Blockage[] atA = [Blocked.On(_hub), Blocked.On(_hub, handedOff: true)];
        var atB = Blocked.On(_hub);
        foreach (var blockage in atA)
            Blocked.EndAtA(blockage);
        Blocked.EndAtB(atB);
        Blocked.Happens(_hub, work: "GET /other");

        var top = _blockers.Top(10);

        Assert.Equal(3, top.Count);
        var sum = Assert.Single(top, s => s.Work == "GET /slow" && s.Place!.Contains(nameof(Blocked.EndAtA), StringComparison.Ordinal));
        Assert.Equal(2, sum.Count);
        Assert.Equal(atA[0].Duration + atA[1].Duration, sum.Total);
        Assert.Equal(TimeSpan.FromTicks(Math.Max(atA[0].Duration.Ticks, atA[1].Duration.Ticks)), sum.Longest);
        Assert.Equal("lane", sum.Hub);
        Assert.Equal(1, sum.HandedOff);
        Assert.Equal("unseen", sum.Kind);
        Assert.Equal(top.OrderByDescending(s => s.Total), top);
        Assert.Single(_blockers.Top(1));
    }

    [Fact]
    public void Now_BlockageThatHasNotEnded_IsThereUntilItEnds()
    {
        var blockage = Blocked.On(_hub);

        Assert.Same(blockage, Assert.Single(_blockers.Now));
        Assert.Empty(_blockers.Top(10));

        Blocked.EndAtA(blockage);
        Assert.Empty(_blockers.Now);
        Assert.Single(_blockers.Top(10));
    }

    [Fact]
    public void Top_MorePlacesThanAreKept_ForgetsTheOldest()
    {
        for (var i = 0; i < 600; i++)
        {
            Blocked.Happens(_hub, work: $"generated {i}");
        }

        var top = _blockers.Top(1000);
        Assert.Equal(500, top.Count);
        Assert.Contains(top, s => s.Work == "generated 599");
        Assert.DoesNotContain(top, s => s.Work == "generated 0");
    }
}
