using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Scheduling;

/// <summary>Conversions between spans and timestamps never make anything early.</summary>
public sealed class HubClockTests
{
    [Theory]
    [InlineData(1L)]
    [InlineData(1_000L)]
    [InlineData(32_768L)]
    [InlineData(3_579_545L)]
    [InlineData(10_000_000L)]
    [InlineData(1_000_000_000L)]
    public void After_AnyFrequency_IsNeverEarlyAndAtMostOneTickLate(long frequency)
    {
        const int Seed = 77;
        var random = new Random(Seed);
        var provider = new CoarseProvider(frequency);
        var clock = new HubClock(provider);
        for (var i = 0; i < 5_000; i++)
        {
            // Up to ten years after the clock began to count.
            provider.Now = random.NextInt64(0, frequency * 300_000_000);
            var delay = TimeSpan.FromTicks(random.NextInt64(0, TimeSpan.TicksPerHour));

            var due = clock.After(delay);

            // In exact arithmetic: (due - now) / frequency seconds against the delay's ticks.
            var waited = (Int128)(due - provider.Now) * TimeSpan.TicksPerSecond;
            var asked = (Int128)delay.Ticks * frequency;
            Assert.True(waited >= asked, $"seed {Seed}, step {i}: early");
            Assert.True(waited - asked < 2 * TimeSpan.TicksPerSecond, $"seed {Seed}, step {i}: late");
            // A timer set for the rest comes when it is due, not before.
            Assert.True((Int128)clock.Until(due).Ticks * frequency >= waited, $"seed {Seed}, step {i}: the rest is early");
        }
    }

    [Fact]
    public void After_NegativeDelay_IsNow()
    {
        var provider = new CoarseProvider(1_000) { Now = 5 };
        var clock = new HubClock(provider);

        Assert.Equal(5, clock.After(TimeSpan.FromSeconds(-1)));
        Assert.Equal(5, clock.After(TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, clock.Until(4));
    }

    [Fact]
    public void After_LongerThanTheClockCounts_IsNever()
    {
        var clock = new HubClock(TimeProvider.System);

        Assert.True(clock.IsSystem);
        Assert.Equal(HubClock.Never, clock.After(TimeSpan.MaxValue));
    }

    [Fact]
    public void IsSystem_OtherProvider_IsFalse() => Assert.False(new HubClock(new ManualTimeProvider()).IsSystem);

    private sealed class CoarseProvider(long frequency) : TimeProvider
    {
        public override long TimestampFrequency => frequency;

        internal long Now { get; set; }

        public override long GetTimestamp() => Now;
    }
}
