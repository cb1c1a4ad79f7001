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

    [Theory]
    [InlineData(3_000_000_001L)]
    [InlineData(long.MaxValue)]
    public void After_LongerThanAClockOfAnOddFrequencyCounts_IsNever(long frequency)
    {
        var clock = new HubClock(new CoarseProvider(frequency) { Now = 5 });

        Assert.Equal(HubClock.Never, clock.After(TimeSpan.MaxValue));
    }

    [Fact]
    public void Until_LongerThanATimeSpan_IsTheLongest()
    {
        var clock = new HubClock(new CoarseProvider(1));

        Assert.Equal(TimeSpan.MaxValue, clock.Until(HubClock.Never - 1));
    }

    [Fact]
    public void CreateTimer_CarriesNobodysContext_AlsoWhereNoneFlows()
    {
        var flowing = new AsyncLocal<string?> { Value = "who sets it first" };
        var time = new FlowProvider();
        var clock = new HubClock(time);
        using (clock.CreateTimer(static _ => { }, this))
            Assert.True(time.WasSuppressed);
        using (ExecutionContext.SuppressFlow())
        {
            using (clock.CreateTimer(static _ => { }, this))
                Assert.True(time.WasSuppressed);
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }

        Assert.False(ExecutionContext.IsFlowSuppressed());
        Assert.Equal("who sets it first", flowing.Value);
    }

    [Fact]
    public void IsSystem_OtherProvider_IsFalse() => Assert.False(new HubClock(new ManualTimeProvider()).IsSystem);

    [Fact]
    public void Set_TheClockJumpsWhileTheTimerIsSet_TheTimerIsNotLate()
    {
        var time = new JumpingProvider(new ManualTimeProvider());
        var clock = new HubClock(time);
        var rings = 0;
        using var timer = clock.CreateTimer(_ => rings++, this);
        time.JumpsBy = TimeSpan.FromSeconds(3);
        clock.Set(timer, clock.After(TimeSpan.FromSeconds(4)));

        time.Inner.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, rings);
    }

    /// <summary>Whose clock jumps once between the moment in which a timer's time was computed and that in which it is set.</summary>
    private sealed class JumpingProvider(ManualTimeProvider inner) : TimeProvider
    {
        internal ManualTimeProvider Inner => inner;

        internal TimeSpan JumpsBy { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new JumpingTimer(this, inner.CreateTimer(callback, state, dueTime, period));
    }

    private sealed class JumpingTimer(JumpingProvider provider, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var by = provider.JumpsBy;
            provider.JumpsBy = TimeSpan.Zero;
            provider.Inner.Advance(by);
            return inner.Change(dueTime, period);
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class FlowProvider : TimeProvider
    {
        internal bool WasSuppressed { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            WasSuppressed = ExecutionContext.IsFlowSuppressed();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private sealed class CoarseProvider(long frequency) : TimeProvider
    {
        public override long TimestampFrequency => frequency;

        internal long Now { get; set; }

        public override long GetTimestamp() => Now;
    }
}
