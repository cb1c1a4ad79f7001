using Xunit;

namespace GreenletBridge.Core.Tests.Synchronization;

/// <summary>What changes between a look and the wait that it led to: the waiter that comes too late is served at once, one that has ended takes nothing.</summary>
public sealed class LateWaiterTests
{
    public static TheoryData<bool> Ended { get; } = [false, true];

    [Theory]
    [MemberData(nameof(Ended))]
    public void Semaphore_APlaceCameFree_IsTakenAtOnce(bool hasEnded)
    {
        var semaphore = new GreenletSemaphore(1);
        var waiter = WaiterOf(semaphore, hasEnded);

        Assert.True(((IWaitSource)semaphore).TryAdd(waiter));

        AssertServed(waiter, hasEnded);
        Assert.Equal(hasEnded ? 1 : 0, semaphore.Count);
    }

    [Theory]
    [MemberData(nameof(Ended))]
    public void Lock_CameFree_IsTakenAtOnce(bool hasEnded)
    {
        var gate = new GreenletLock();
        var wait = new LockWait(gate, Thread.CurrentThread, isEndless: false, depth: 2);
        var waiter = WaiterOf(wait, hasEnded);

        Assert.True(wait.TryAdd(waiter));

        AssertServed(waiter, hasEnded);
        Assert.Equal(!hasEnded, gate.IsHeldByCaller);
        if (hasEnded)
            return;
        gate.Release();
        Assert.True(gate.IsHeldByCaller);
        gate.Release();
        Assert.False(gate.IsHeld);
    }

    [Theory]
    [MemberData(nameof(Ended))]
    public void Event_WasSet_GoesOnAtOnce(bool hasEnded)
    {
        var happened = new GreenletEvent();
        var waiter = WaiterOf(happened, hasEnded);
        happened.Set();

        // It may say that there is nothing to wait for, or end the wait itself
        if (((IWaitSource)happened).TryAdd(waiter))
            AssertServed(waiter, hasEnded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Queue_AnItemCame_IsLookedForAgain(bool isPeek)
    {
        var queue = new QueueCore<int>(new FirstInStore<int>(), 1);
        var wait = new TakeWait<int>(queue, isPeek);
        var waiter = new ThreadWaiter(wait);
        queue.TryPut(1);

        Assert.True(wait.TryAdd(waiter));

        Assert.Equal(WaitOutcome.Again, waiter.Outcome);
        Assert.Equal((0, 1), (queue.Balance, queue.Count));
    }

    [Fact]
    public void Queue_RoomCame_IsLookedForAgain()
    {
        var queue = new QueueCore<int>(new FirstInStore<int>(), 1);
        var wait = new PutWait<int>(queue, 1);
        var waiter = new ThreadWaiter(wait);

        Assert.True(wait.TryAdd(waiter));

        Assert.Equal(WaitOutcome.Again, waiter.Outcome);
        Assert.Equal((0, 0), (queue.Balance, queue.Count));
    }

    [Fact]
    public void Channel_ATakerCame_APutterLooksAgain()
    {
        var channel = new QueueCore<int>(new FirstInStore<int>(), 0);
        var take = new TakeWait<int>(channel, isPeek: false);
        Assert.True(take.TryAdd(new ThreadWaiter(take)));
        Assert.Equal(-1, channel.Balance);
        var put = new PutWait<int>(channel, 1);
        var putter = new ThreadWaiter(put);

        Assert.True(put.TryAdd(putter));

        Assert.Equal(WaitOutcome.Again, putter.Outcome);
    }

    [Fact]
    public void Queue_WasShutDown_IsLookedAtAgain()
    {
        var queue = new QueueCore<int>(new FirstInStore<int>(), 1);
        var take = new TakeWait<int>(queue, isPeek: false);
        var put = new PutWait<int>(queue, 1);
        ThreadWaiter taker = new(take), putter = new(put);
        queue.TryPut(1);
        queue.Shutdown(immediate: true);

        Assert.True(take.TryAdd(taker) && put.TryAdd(putter));

        Assert.Equal((WaitOutcome.Again, WaitOutcome.Again), (taker.Outcome, putter.Outcome));
    }

    private static ThreadWaiter WaiterOf(IWaitSource source, bool hasEnded)
    {
        var waiter = new ThreadWaiter(source);
        if (hasEnded)
            Assert.True(waiter.TryEnd(WaitOutcome.Canceled));
        return waiter;
    }

    private static void AssertServed(Waiter waiter, bool hasEnded) => Assert.Equal(hasEnded ? WaitOutcome.Canceled : WaitOutcome.Completed, waiter.Outcome);
}
