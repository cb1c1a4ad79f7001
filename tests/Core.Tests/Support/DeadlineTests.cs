using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Support;

/// <summary>The waits that the other tests rely on.</summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task For_TaskThatNeverEnds_TellsWhatAndSnapshot()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => Deadline.For(new TaskCompletionSource().Task, "the answer", () => "hub: 3 waiting", _short));

        Assert.Contains("the answer", error.Message, StringComparison.Ordinal);
        Assert.Contains("hub: 3 waiting", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_TaskThatFailedWithATimeout_ThrowsThatOne()
    {
        var own = new TimeoutException("own");

        Assert.Same(own, await Assert.ThrowsAsync<TimeoutException>(() => Deadline.For(Task.FromException(own), "the answer")));
    }

    [Fact]
    public async Task For_TaskWithValue_ReturnsIt() => Assert.Equal(7, await Deadline.For(Task.FromResult(7), "seven"));

    [Fact]
    public void Wait_ConditionThatNeverHolds_TellsWhatAndAFailingSnapshot()
    {
        var error = Assert.Throws<TimeoutException>(() => Deadline.Wait(() => false, "the moon", () => throw new InvalidOperationException("no hub"), _short));

        Assert.Contains("the moon", error.Message, StringComparison.Ordinal);
        Assert.Contains("no hub", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wait_FailedTask_ThrowsItsOwnException()
    {
        var own = new InvalidOperationException("own");

        Assert.Same(own, Assert.Throws<InvalidOperationException>(() => Deadline.Wait(Task.FromException(own), "the answer")));
    }

    [Fact]
    public void Wait_CountdownThatLacksSome_TellsHowMany()
    {
        using var countdown = new CountdownEvent(3);
        countdown.Signal();

        var error = Assert.Throws<TimeoutException>(() => Deadline.Wait(countdown, "three", within: _short));

        Assert.Contains("2 of 3 missing", error.Message, StringComparison.Ordinal);
    }
}
