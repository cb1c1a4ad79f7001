using System.Diagnostics;
using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Faults;

/// <summary>Clocks that jump, stand still or throw.</summary>
public sealed class ClockTests : HubTests
{
    [Theory]
    [MemberData(nameof(Loops))]
    public void WallClock_JumpsBackAndForth_NoWaitNoticesIt(HubLoop loop)
    {
        var time = new CrookedTime();
        var hub = StartHub(loop, options => options.TimeProvider = time);
        var sleeper = hub.Spawn(static () => Greenlet.Sleep(20));
        var limited = hub.Spawn(static () => Assert.Throws<GreenletTimeoutException>(() => Greenlet.WithTimeout(TimeSpan.FromMilliseconds(20), static () => Greenlet.Sleep(Timeout.Infinite))));

        time.WallOffset = TimeSpan.FromDays(-400);
        time.WallOffset = TimeSpan.FromDays(400);

        Succeeds(sleeper, limited);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Timestamps_JumpForward_WhatIsDueByThemComes(HubLoop loop)
    {
        var time = new CrookedTime();
        var hub = StartHub(loop, options => options.TimeProvider = time);
        var sleeper = hub.Spawn(static () => Greenlet.Sleep(TimeSpan.FromHours(1)));
        Waits(sleeper);

        time.StampOffset = TimeSpan.FromHours(2);
        // A suspended machine's timers ring late; anything that wakes the hub lets it look.
        Succeeds(hub.Spawn(static () => Greenlet.Yield()));

        Succeeds(sleeper);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Timestamps_JumpBack_WaitsLastLongerAndNothingBreaks(HubLoop loop)
    {
        var time = new CrookedTime();
        var hub = StartHub(loop, options => options.TimeProvider = time);
        var sleeper = hub.Spawn(static () => Greenlet.Sleep(50));
        Waits(sleeper);

        time.StampOffset = TimeSpan.FromMilliseconds(-500);
        var later = hub.Spawn(static () => Greenlet.Sleep(1));

        Succeeds(later, sleeper);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void GetTimestamp_Throws_TheClockStandsStillMeanwhile(HubLoop loop)
    {
        var time = new CrookedTime();
        var hub = StartHub(loop, options => options.TimeProvider = time);
        Succeeds(hub.Spawn(static () => Greenlet.Sleep(1)));

        time.StampsThrow = true;
        var sleeper = hub.Spawn(static () => Greenlet.Sleep(5));
        Succeeds(hub.Spawn(static () => Greenlet.Yield()));
        time.StampsThrow = false;

        Succeeds(sleeper, hub.Spawn(static () => Greenlet.Sleep(1)));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void Timers_Throw_ItsClockIsLookedAtAllTheSame(HubLoop loop)
    {
        var time = new CrookedTime { TimersThrow = true };
        var hub = StartHub(loop, options => options.TimeProvider = time);
        var started = Stopwatch.GetTimestamp();

        Succeeds(hub.Spawn(static () => Greenlet.Sleep(30)), hub.Spawn(static async () => await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(30))));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(29), Deadline.Default);
    }

    // The system's clock, bent.
    private sealed class CrookedTime : TimeProvider
    {
        private long _stampOffset;
        private long _wallOffset;

        public bool StampsThrow { get; set; }

        public bool TimersThrow { get; init; }

        public TimeSpan StampOffset
        {
            set => Volatile.Write(ref _stampOffset, (long)(value.TotalSeconds * Stopwatch.Frequency));
        }

        public TimeSpan WallOffset
        {
            set => Volatile.Write(ref _wallOffset, value.Ticks);
        }

        public override long GetTimestamp() =>
            StampsThrow ? throw new InvalidOperationException("the test's own") : Stopwatch.GetTimestamp() + Volatile.Read(ref _stampOffset);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _wallOffset));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            TimersThrow ? throw new InvalidOperationException("the test's own") : base.CreateTimer(callback, state, dueTime, period);
    }
}
