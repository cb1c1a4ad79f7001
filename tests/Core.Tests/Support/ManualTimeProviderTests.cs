using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Support;

/// <summary>The clock that the other tests rely on.</summary>
public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Advance_OverSeveralTimers_FiresInDueOrderAtTheirTimes()
    {
        using var late = Timer("late", 3 * _second);
        using var early = Timer("early", _second);
        using var tie = Timer("tie", 3 * _second);

        _time.Advance(10 * _second);

        Assert.Equal(["early at 1", "late at 3", "tie at 3"], _fired);
        Assert.Equal(10 * _second, _time.GetElapsedTime(0));
        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public void Advance_OverAPeriodicTimer_FiresOncePerPeriod()
    {
        using var timer = Timer("tick", _second, 2 * _second);

        _time.Advance(6 * _second);

        Assert.Equal(["tick at 1", "tick at 3", "tick at 5"], _fired);
        Assert.Equal(_second, _time.NextDue);
    }

    [Fact]
    public void Advance_CallbackThatSetsATimer_FiresItInTheSameAdvance()
    {
        ITimer? second = null;
        using var first = _time.CreateTimer(_ => second = Timer("second", _second), null, _second, Timeout.InfiniteTimeSpan);

        _time.Advance(2 * _second);

        Assert.Equal(["second at 2"], _fired);
        second!.Dispose();
    }

    [Fact]
    public void Advance_CallbackThatAdvances_MovesBothWays()
    {
        using var timer = _time.CreateTimer(_ => _time.Advance(_second), null, _second, Timeout.InfiniteTimeSpan);
        using var later = Timer("later", 3 * _second);

        _time.Advance(2 * _second);

        Assert.Equal(["later at 3"], _fired);
    }

    [Fact]
    public void Change_ToInfinite_Disarms()
    {
        using var timer = Timer("never", _second);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));

        _time.Advance(2 * _second);

        Assert.Empty(_fired);
        Assert.Null(_time.NextDue);
    }

    [Fact]
    public void Dispose_BeforeDue_NeverFiresAndRefusesChange()
    {
        var timer = Timer("never", _second);
        timer.Dispose();

        _time.Advance(2 * _second);

        Assert.Empty(_fired);
        Assert.False(timer.Change(_second, _second));
    }

    [Fact]
    public async Task CreateTimer_WithoutDelay_FiresWithoutAdvance()
    {
        var fired = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = _time.CreateTimer(_ => fired.TrySetResult(Environment.CurrentManagedThreadId), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await Deadline.For(fired.Task, "the timer that is due at once");
    }

    [Fact]
    public async Task Delay_OfTheFramework_EndsByAdvance()
    {
        var delay = Task.Delay(_second, _time, TestContext.Current.CancellationToken);
        Assert.False(delay.IsCompleted);

        Assert.True(_time.AdvanceToNext());

        await Deadline.For(delay, "the delay");
    }

    private ITimer Timer(string name, TimeSpan due, TimeSpan? period = null) =>
        _time.CreateTimer(_ => _fired.Add($"{name} at {_time.GetElapsedTime(0).TotalSeconds}"), null, due, period ?? Timeout.InfiniteTimeSpan);

    [Fact]
    public async Task CreateTimer_WithoutDelay_WhileAnAdvanceEnds_FiresAlways()
    {
        var time = new ManualTimeProvider();
        for (var i = 0; i < 2000; i++)
        {
            var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var before = time.GetTimestamp();
            var setter = Task.Run(() =>
            {
                SpinWait.SpinUntil(() => time.GetTimestamp() != before);
                return time.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            });
            time.Advance(TimeSpan.FromTicks(1));
            await using var timer = await setter;

            await Deadline.For(fired.Task, $"the timer, round {i}");
        }
    }
}
