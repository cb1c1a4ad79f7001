using System.Runtime.CompilerServices;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Waiting;

public sealed class ThreadWaiterTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Park_DecidedAndNotWoken_WaitsForWhatIsHandedOver(bool hasLimit)
    {
        var waiter = new ThreadWaiter(null);
        var handed = 0;
        var got = 0;
        // Decided before it parks: neither its time nor an interrupt ends it any more.
        Assert.True(waiter.TryDecide(WaitOutcome.Completed));
        var wasInterrupted = false;
        var thread = new Thread(() =>
        {
            waiter.Park(hasLimit ? TimeSpan.Zero : null, CancellationToken.None);
            got = Volatile.Read(ref handed);
            try
            {
                Thread.CurrentThread.Join(0);
            }
            catch (ThreadInterruptedException)
            {
                wasInterrupted = true;
            }
        });
        thread.Start();
        Deadline.Wait(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread to wait");
        thread.Interrupt();
        Deadline.Wait(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread to wait on");

        Volatile.Write(ref handed, 7);
        waiter.Wake();

        Deadline.Wait(thread, "the thread");
        Assert.Equal(7, got);
        Assert.True(wasInterrupted, "The interrupt was lost.");
        Assert.Equal(WaitOutcome.Completed, waiter.Outcome);
    }

    [Fact]
    public void Park_TimeIsUp_EndsAsTimedOut()
    {
        var waiter = new ThreadWaiter(null);
        waiter.Park(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        Assert.Equal(WaitOutcome.TimedOut, waiter.Outcome);
        Assert.False(waiter.TryDecide(WaitOutcome.Completed));
    }

    [Fact]
    public void Park_DecidedAndWokenLongAfterItsTime_Ends()
    {
        var waiter = new ThreadWaiter(null);
        Assert.True(waiter.TryDecide(WaitOutcome.Completed));
        var limit = TimeSpan.FromMilliseconds(1);
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => waiter.Park(limit, CancellationToken.None)));
        thread.Start();
        // Real time, without a bound that could be missed: it has to begin to wait, and its time has to be up for long.
        Deadline.Wait(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0 || !thread.IsAlive, "the thread to wait");
        Assert.False(thread.Join(50 * limit), $"It waited no longer than its limit: {error}");

        waiter.Wake();

        Deadline.Wait(thread, "the thread");
        Assert.Null(error);
        Assert.Equal(WaitOutcome.Completed, waiter.Outcome);
    }

    [Fact]
    public void Park_Interrupted_ThrowsAndTakesNothing()
    {
        var waiter = new ThreadWaiter(null);
        var thread = new Thread(() => Assert.Throws<ThreadInterruptedException>(() => waiter.Park(null, CancellationToken.None)));
        thread.Start();
        Deadline.Wait(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread to wait");
        thread.Interrupt();
        Deadline.Wait(thread, "the thread");
        Assert.Equal(WaitOutcome.Canceled, waiter.Outcome);
    }

    [Fact]
    public void Block_ThreadIsInterrupted_ThrowsThere()
    {
        var queue = new GreenletQueue<int>();
        var thread = new Thread(() => Assert.Throws<ThreadInterruptedException>(() => queue.Get()));
        thread.Start();
        Deadline.Wait(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread to wait");
        thread.Interrupt();
        Deadline.Wait(thread, "the thread");
        queue.Put(1);
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void Wake_TheOneWhoWakesIsInterruptedWhileItTakesTheLock_TheWaitEnds_AndTheInterruptIsKept()
    {
        var waiter = new ThreadWaiter(null);
        var sleeper = new Thread(() => waiter.Park(null, CancellationToken.None));
        sleeper.Start();
        Deadline.Wait(() => (sleeper.ThreadState & ThreadState.WaitSleepJoin) != 0, "the wait");
        var wasInterrupted = false;
        var waker = new Thread(() =>
        {
            waiter.TryEnd(WaitOutcome.Completed);
            try
            {
                Thread.CurrentThread.Join(0);
            }
            catch (ThreadInterruptedException)
            {
                wasInterrupted = true;
            }
        });

        lock (LockOf(waiter))
        {
            waker.Start();
            Deadline.Wait(() => (waker.ThreadState & ThreadState.WaitSleepJoin) != 0, "the waker at the lock");
            waker.Interrupt();
            Deadline.Wait(() => (waker.ThreadState & ThreadState.WaitSleepJoin) != 0, "the waker at the lock again");
        }

        Deadline.Wait(waker, "the waker");
        Deadline.Wait(sleeper, "the sleeper");
        Assert.True(wasInterrupted, "The interrupt was lost.");
    }

    [Fact]
    public void Wake_ByAGreenlet_TheLockIsTaken_TheHubIsHeld_AndNothingElseRunsInTheMiddleOfTheEngine()
    {
        using var hub = new Hub();
        hub.Start();
        var waiter = new ThreadWaiter(null);
        Thread? thread = null;
        Greenlet waking;
        var other = hub.Create(static () => { });
        lock (LockOf(waiter))
        {
            waking = hub.Spawn(() =>
            {
                Volatile.Write(ref thread, Thread.CurrentThread);
                waiter.TryEnd(WaitOutcome.Completed);
            });
            Deadline.Wait(() => Volatile.Read(ref thread) is { } waker && (waker.ThreadState & ThreadState.WaitSleepJoin) != 0, "the waker at the lock");
            Assert.Equal(GreenletStatus.Running, waking.Status);
        }

        other.Start();
        Assert.True(other.Join(Deadline.Default), hub.Snapshot().ToString());
        Assert.True(waking.Join(Deadline.Default), hub.Snapshot().ToString());
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    private static extern ref readonly object LockOf(ThreadWaiter waiter);
}
