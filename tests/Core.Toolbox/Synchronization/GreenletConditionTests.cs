namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>GreenletCondition: a wait gives the lock back and has it again whatever ended it.</summary>
public sealed class GreenletConditionTests
{
    private static ValueTask<GreenletHold> Acquire(BodyWaits waits, GreenletCondition condition) =>
        waits.Of(() => condition.Lock.Acquire(), () => condition.Lock.AcquireAsync());

    private static ValueTask<bool> Wait(BodyWaits waits, GreenletCondition condition, TimeSpan? timeout = null) =>
        waits.Of(() => condition.Wait(timeout), () => condition.WaitAsync(timeout));

    private static async Task<Greenlet<string>[]> Waiters(HubUnderTest lane, BodyKind body, int count, GreenletCondition condition, List<int> order, TimeSpan? timeout = null) =>
        await lane.SpawnWaiting<string>(body, count, async (waits, i) =>
        {
            using (await Acquire(waits, condition))
            using (await Acquire(waits, condition))
            {
                try
                {
                    var notified = await Wait(waits, condition, timeout);
                    order.Add(i);
                    return $"{notified} {condition.Lock.IsHeldByCaller}";
                }
                catch (GreenletExitException)
                {
                    return $"killed {condition.Lock.IsHeldByCaller}";
                }
            }
        });

    [Theory, LoopsAndBodies]
    public async Task Notify_WakesTheLongestWaiting_WhichHaveTheLock(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var condition = new GreenletCondition();
        var order = new List<int>();
        var waiters = await Waiters(lane, body, 4, condition, order);
        Assert.False(condition.Lock.IsHeld, "It is given back entirely.");
        using (condition.Lock.Acquire())
            condition.Notify(2);
        Assert.Equal("True True", await lane.ValueOf(waiters[0]));
        Assert.Equal("True True", await lane.ValueOf(waiters[1]));
        await lane.Settle();
        Assert.Equal([0, 1], order);
        using (condition.Lock.Acquire())
            condition.NotifyAll();
        await lane.ValueOf(waiters[2]);
        await lane.ValueOf(waiters[3]);
        Assert.Equal([0, 1, 2, 3], order);
        Assert.False(condition.Lock.IsHeld);
    }

    [Theory, LoopsAndBodies]
    public async Task Wait_KilledOrTimedOut_HasTheLockAgain_AndTakesNobodysNotification(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var condition = new GreenletCondition();
        var order = new List<int>();
        var killed = (await Waiters(lane, body, 1, condition, order))[0];
        var late = (await Waiters(lane, body, 1, condition, order, TimeSpan.FromSeconds(1)))[0];
        var next = (await Waiters(lane, body, 1, condition, order))[0];
        using (condition.Lock.Acquire())
        {
            killed.Kill();
            lane.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("killed True", await lane.ValueOf(killed));
        Assert.Equal("False True", await lane.ValueOf(late));
        using (condition.Lock.Acquire())
            condition.Notify();
        Assert.Equal("True True", await lane.ValueOf(next));
    }

    [Theory, LoopsAndBodies]
    public async Task WaitFor_LooksAtEachNotification(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var condition = new GreenletCondition();
        var stock = 0;
        var buyer = await lane.SpawnWaiting<int>(body, async waits =>
        {
            using (await Acquire(waits, condition))
            {
                var came = await waits.Of(() => condition.WaitFor(() => stock >= 3), () => condition.WaitForAsync(() => stock >= 3));
                return came ? stock : -1;
            }
        });
        for (var i = 1; i <= 3; i++)
        {
            Assert.False(buyer.IsReady);
            await lane.OnHub(() =>
            {
                using (condition.Lock.Acquire())
                {
                    stock++;
                    condition.Notify();
                }
            });
        }

        Assert.Equal(3, await lane.ValueOf(buyer));
    }

    [Theory, LoopsAndBodies]
    public async Task WaitFor_TimeIsUp_ReturnsFalse_HoweverOftenItWasNotified(HubLoop loop, BodyKind body)
    {
        await using var lane = Waiting.Lane(loop);
        var condition = new GreenletCondition();
        var looks = 0;
        bool Look()
        {
            looks++;
            return false;
        }

        var waiter = await lane.SpawnWaiting<bool>(body, async waits =>
        {
            using (await Acquire(waits, condition))
                return await waits.Of(() => condition.WaitFor(Look, TimeSpan.FromSeconds(10)), () => condition.WaitForAsync(Look, TimeSpan.FromSeconds(10)));
        });
        for (var i = 0; i < 3; i++)
        {
            lane.Time.Advance(TimeSpan.FromSeconds(3));
            await lane.OnHub(() =>
            {
                using (condition.Lock.Acquire())
                    condition.Notify();
            });
            await lane.Until(() => looks == i + 2, "it has looked");
        }

        await lane.Until(() => waiter.Status == GreenletStatus.Waiting, "it waits");
        await lane.Settle();
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await lane.ValueOf(waiter));
    }

    [Theory, Loops]
    public async Task WaitForAsync_InPlainAsyncCode_TakesTurnsWithGreenletsAndThreads(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var condition = new GreenletCondition();
        var (stock, sold) = (0, 0);
        async Task<bool> Buy(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using (await condition.Lock.AcquireAsync())
                {
                    if (!await condition.WaitForAsync(() => stock > 0, Deadline.Default))
                        return false;
                    Assert.True(condition.Lock.IsHeldByCaller);
                    stock--;
                    sold++;
                    condition.NotifyAll();
                }
            }

            return true;
        }

        void Sell(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using (condition.Lock.Acquire())
                {
                    Assert.True(condition.WaitFor(() => stock < 3, Deadline.Default));
                    stock++;
                    condition.NotifyAll();
                }
            }
        }

        var buyers = new[] { Task.Run(() => Buy(200)), Buy(200), lane.Hub.Spawn(() => Buy(200)).JoinAsync(Deadline.Default), Task.Run(async () => await Buy(200).ConfigureAwait(false)) };
        var sellers = new[] { HubUnderTest.OnPlainThread(() => { Sell(400); return 0; }), lane.Hub.Spawn(() => Sell(400)).JoinAsync(Deadline.Default) as Task };

        foreach (var buyer in buyers)
            Assert.True(await lane.For(buyer, "a buyer"));
        foreach (var seller in sellers)
            await Deadline.For(seller, "a seller", lane.Snapshot);
        Assert.Equal((0, 800), (stock, sold));
        Assert.False(condition.Lock.IsHeld);
    }

    [Fact]
    public async Task WaitAsync_InPlainAsyncCode_TimedOutOrCancelled_HasTheLockAgain_AndTakesNobodysNotification()
    {
        var condition = new GreenletCondition();
        using var cancel = new CancellationTokenSource();
        var order = new List<string>();
        async Task Waiter(string name, TimeSpan? timeout, CancellationToken token)
        {
            using (await condition.Lock.AcquireAsync(null, CancellationToken.None))
            {
                try
                {
                    order.Add($"{name} {await condition.WaitAsync(timeout, token)} {condition.Lock.IsHeldByCaller}");
                }
                catch (OperationCanceledException)
                {
                    order.Add($"{name} cancelled {condition.Lock.IsHeldByCaller}");
                }
            }
        }

        var late = Waiter("late", TimeSpan.FromMilliseconds(1), CancellationToken.None);
        await Deadline.For(late, "the time to be up");
        var cancelled = Waiter("cancelled", null, cancel.Token);
        var next = Waiter("next", null, CancellationToken.None);
        await cancel.CancelAsync();
        await Deadline.For(cancelled, "the cancellation");
        using (await condition.Lock.AcquireAsync(null, CancellationToken.None))
            condition.Notify();
        await Deadline.For(next, "the notification");
        Assert.Equal(["late False True", "cancelled cancelled True", "next True True"], order);
        Assert.False(condition.Lock.IsHeld);
    }

    [Fact]
    public async Task WaitAsync_WhereAnotherMethodAwaitedTheLock_SaysWho()
    {
        var condition = new GreenletCondition();
        async Task<GreenletHold> Elsewhere() => await condition.Lock.AcquireAsync();

        using (await Elsewhere())
        {
            var error = await Assert.ThrowsAsync<SynchronizationLockException>(() => condition.WaitAsync().AsTask());
            Assert.Contains("awaited AcquireAsync itself", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WithoutTheLock_IsAnError()
    {
        var condition = new GreenletCondition(new GreenletLock());
        Assert.Throws<SynchronizationLockException>(() => condition.Wait());
        Assert.Throws<SynchronizationLockException>(() => condition.WaitFor(static () => true));
        Assert.Throws<SynchronizationLockException>(() => condition.Notify());
        Assert.Throws<SynchronizationLockException>(condition.NotifyAll);
        using (condition.Lock.Acquire())
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => condition.Notify(0));
            Assert.Throws<ArgumentNullException>(() => condition.WaitFor(null!));
            Assert.Throws<ArgumentOutOfRangeException>(() => condition.Wait(TimeSpan.FromSeconds(-2)));
            Assert.True(condition.Lock.IsHeldByCaller);
            Assert.False(condition.Wait(TimeSpan.Zero));
            Assert.True(condition.Lock.IsHeldByCaller);
        }
    }

    [Fact]
    public void Wait_OfAThreadThatIsInterrupted_HasTheLockAgain()
    {
        var condition = new GreenletCondition();
        var outcome = "";
        var thread = new Thread(() =>
        {
            using (condition.Lock.Acquire())
            {
                try
                {
                    condition.Wait();
                }
                catch (ThreadInterruptedException)
                {
                    outcome = $"interrupted {condition.Lock.IsHeldByCaller}";
                }
            }
        })
        { IsBackground = true };
        thread.Start();
        Deadline.Wait(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0 && !condition.Lock.IsHeld, "the thread waits");
        using (condition.Lock.Acquire())
        {
            // While it waits for the lock, another interrupt must not make it go on without.
            thread.Interrupt();
            Deadline.Wait(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread waits for the lock");
            thread.Interrupt();
        }

        Deadline.Wait(thread, "the thread's end");
        Assert.Equal("interrupted True", outcome);
    }

    [Fact]
    public async Task Wait_OnPlainThreads_Works()
    {
        var condition = new GreenletCondition();
        var stock = 0;
        var buyer = HubUnderTest.OnPlainThread(() =>
        {
            using (condition.Lock.Acquire())
            {
                condition.WaitFor(() => stock > 0);
                return stock;
            }
        });
        await Deadline.For(
            HubUnderTest.OnPlainThread(() =>
            {
                using (condition.Lock.Acquire())
                {
                    stock = 5;
                    condition.NotifyAll();
                    return 0;
                }
            }),
            "the notification");
        Assert.Equal(5, await Deadline.For(buyer, "the buyer"));
    }
}
