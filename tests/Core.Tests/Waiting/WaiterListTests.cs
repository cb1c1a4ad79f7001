using Xunit;

namespace GreenletBridge.Core.Tests.Waiting;

public sealed class WaiterListTests
{
    [Fact]
    public void Take_Several_FirstComeFirstServed()
    {
        var (a, b, c) = (new ListedWaiter(), new ListedWaiter(), new ListedWaiter());
        var list = default(WaiterList);
        list.Add(a);
        list.Add(b);
        list.Add(c);
        list.Remove(b);

        Assert.Same(a, list.Take());
        Assert.Same(c, list.Take());
        Assert.Null(list.Take());
        Assert.True(list.IsEmpty);
    }

    [Fact]
    public void Take_TheFirstWasKilled_GoesToTheNext()
    {
        var (killed, next) = (new ListedWaiter(), new ListedWaiter());
        var list = default(WaiterList);
        list.Add(killed);
        list.Add(next);
        killed.TryKill(new GreenletExitException());

        Assert.Same(next, list.Take());
        Assert.Equal(WaitOutcome.Completed, next.Outcome);
        Assert.False(next.IsWoken, "It is woken by whoever took it, after the lock was left.");
        Assert.False(next.TryEnd(WaitOutcome.TimedOut));
        next.Wake();
        Assert.True(next.IsWoken);
    }

    [Fact]
    public void TakeAll_SomeHaveEnded_WakesTheOthersInOrder()
    {
        var waiters = Enumerable.Range(0, 5).Select(_ => new ListedWaiter()).ToArray();
        var list = default(WaiterList);
        foreach (var waiter in waiters)
            list.Add(waiter);
        waiters[0].TryEnd(WaitOutcome.TimedOut);
        waiters[3].TryEnd(WaitOutcome.Canceled);

        WaiterList.Wake(list.TakeAll());

        Assert.True(list.IsEmpty);
        Assert.Equal(
            [WaitOutcome.TimedOut, WaitOutcome.Completed, WaitOutcome.Completed, WaitOutcome.Canceled, WaitOutcome.Completed],
            waiters.Select(waiter => waiter.Outcome));
        Assert.All(waiters, waiter => Assert.True(waiter.IsWoken));
    }

    [Fact]
    public void CountWaiting_SomeHaveEnded_CountsTheOthers()
    {
        var waiters = Enumerable.Range(0, 4).Select(_ => new ListedWaiter()).ToArray();
        var list = default(WaiterList);
        foreach (var waiter in waiters)
            list.Add(waiter);
        waiters[0].TryEnd(WaitOutcome.TimedOut);
        waiters[2].TryEnd(WaitOutcome.Canceled);

        Assert.Equal(2, list.CountWaiting());
        waiters[3].TryEnd(WaitOutcome.Completed);
        Assert.Equal(1, list.CountWaiting());
    }

    [Fact]
    public void Remove_FirstLastAndOnly_LeavesTheOthersLinked()
    {
        var waiters = Enumerable.Range(0, 3).Select(_ => new ListedWaiter()).ToArray();
        var list = default(WaiterList);
        foreach (var waiter in waiters)
            list.Add(waiter);
        list.Remove(waiters[0]);
        list.Remove(waiters[0]);
        list.Remove(waiters[2]);
        Assert.False(list.IsEmpty);
        list.Add(waiters[0]);

        Assert.Same(waiters[1], list.Take());
        list.Remove(waiters[0]);
        Assert.True(list.IsEmpty);
    }
}
