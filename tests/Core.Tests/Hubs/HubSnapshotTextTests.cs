using Xunit;

namespace GreenletBridge.Core.Tests.Hubs;

/// <summary>The text of a snapshot, of one made for the purpose.</summary>
public sealed class HubSnapshotTextTests
{
    [Fact]
    public void ToString_AHubThatDoesNotRun_OrIsExclusive_SaysSo()
    {
        using var idle = new Hub(new HubOptions { Name = "idle" });
        using var exclusive = new Hub(new HubOptions { Name = "one at a time", Exclusive = true, Loop = HubLoop.Scheduler });
        exclusive.Start();

        Assert.StartsWith("hub \"idle\" not running, loop Threads, queued 0, active 0", idle.Snapshot().ToString(), StringComparison.Ordinal);
        Assert.StartsWith("hub \"one at a time\" running, loop Scheduler, exclusive, queued 0", exclusive.Snapshot().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(9_999, "9999 ms")]
    [InlineData(10_000, "10 s")]
    [InlineData(3_600_000, "3600 s")]
    public void ToString_Times_AreInMillisecondsUnderTenSeconds(int milliseconds, string expected)
    {
        var age = TimeSpan.FromMilliseconds(milliseconds);

        Assert.EndsWith($"#1 a Running, begun {expected} ago", TextOf(new GreenletSnapshot { Id = 1, Name = "a", Status = GreenletStatus.Running, Age = age }), StringComparison.Ordinal);
        Assert.EndsWith(
            $"begun {expected} ago, waits for it since {expected}, kill pending",
            TextOf(new GreenletSnapshot { Id = 1, Status = GreenletStatus.Waiting, Age = age, WaitingFor = "it", WaitedFor = age, IsKillPending = true }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_NothingIsKnownOfAGreenlet_SaysWhatThereIs() =>
        Assert.EndsWith(
            "  #1 - Waiting, begun 0 ms ago, waits for it since 0 ms",
            TextOf(new GreenletSnapshot { Id = 1, Status = GreenletStatus.Waiting, Age = TimeSpan.Zero, WaitingFor = "it" }),
            StringComparison.Ordinal);

    private static string TextOf(GreenletSnapshot greenlet) => new HubSnapshot
    {
        Name = "hub",
        IsRunning = true,
        Loop = HubLoop.Threads,
        Exclusive = false,
        BlockingPolicy = BlockingPolicy.HandOff,
        Queued = 0,
        Active = 1,
        Waiting = 0,
        BusyFor = TimeSpan.Zero,
        BusyTime = TimeSpan.Zero,
        Age = TimeSpan.Zero,
        Load = 0,
        Carriers = 1,
        BusyCarriers = 1,
        KnownBlockers = [],
        Greenlets = [greenlet],
    }.ToString();
}
