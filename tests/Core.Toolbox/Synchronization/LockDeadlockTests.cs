namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>Fine point 25: a cycle of joins and greenlet locks is an error that says who waits for whom.</summary>
public sealed class LockDeadlockTests
{
    [Theory, Loops]
    public async Task TwoLocks_TakenInOppositeOrder_OneGetsAnErrorThatNamesBoth(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop, start: false);
        var (a, b) = (new GreenletLock(), new GreenletLock());
        Greenlet Taker(string name, GreenletLock first, GreenletLock second)
        {
            var taker = lane.Hub.Create(() =>
            {
                using (first.Acquire())
                {
                    Greenlet.Yield();
                    using (second.Acquire())
                        Assert.True(first.IsHeldByCaller);
                }
            });
            taker.Name = name;
            taker.Start();
            return taker;
        }

        var one = Taker("one", a, b);
        var two = Taker("two", b, a);
        lane.Hub.Start();
        await lane.Ended(one);
        await lane.Ended(two);

        // The one that closes the cycle gets the error and lets go; the other goes on.
        var error = Assert.IsType<HubDeadlockException>(two.Exception);
        Assert.True(one.IsSuccessful);
        Assert.Contains("\"one\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"two\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("waits for a lock of", error.Message, StringComparison.Ordinal);
        Assert.Contains("same order", error.Message, StringComparison.Ordinal);
        Assert.False(a.IsHeld || b.IsHeld);
    }

    [Theory, Loops]
    public async Task JoinUnderALockThatTheJoinedWants_IsAnError(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var gate = new GreenletLock();
        var outer = lane.Hub.Spawn(() =>
        {
            using (gate.Acquire())
            {
                var inner = lane.Hub.Spawn(() =>
                {
                    using (gate.Acquire())
                        return 1;
                });
                // Either side may close the cycle: this one begins to wait first, so it is the inner one that is told.
                return inner.Get();
            }
        });
        await Assert.ThrowsAsync<HubDeadlockException>(() => lane.ValueOf(outer));
        Assert.False(gate.IsHeld);
    }

    [Theory, Loops]
    public async Task TwoLocks_OneWithALimit_IsNoError(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop, start: false);
        var (a, b) = (new GreenletLock(), new GreenletLock());
        var patient = lane.Hub.Spawn(() =>
        {
            using (a.Acquire())
            {
                Greenlet.Yield();
                return b.TryAcquire(TimeSpan.FromSeconds(1));
            }
        });
        var endless = lane.Hub.Spawn(() =>
        {
            using (b.Acquire())
            {
                Greenlet.Yield();
                using (a.Acquire())
                    return true;
            }
        });
        lane.Hub.Start();
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 2 && lane.Time.TimerCount > 0, "both wait");
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await lane.ValueOf(patient));
        Assert.True(await lane.ValueOf(endless));
    }

    [Theory, Loops]
    public async Task TwoLocks_OneUnderALimitOfTime_IsNoError(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop, start: false);
        var (a, b) = (new GreenletLock(), new GreenletLock());
        var limited = lane.Hub.Spawn(() =>
        {
            using (a.Acquire())
            {
                Greenlet.Yield();
                return Greenlet.WithTimeout(TimeSpan.FromSeconds(1), () => b.TryAcquire(Timeout.InfiniteTimeSpan), static () => false);
            }
        });
        var endless = lane.Hub.Spawn(() =>
        {
            using (b.Acquire())
            {
                Greenlet.Yield();
                using (a.Acquire())
                    return true;
            }
        });
        lane.Hub.Start();
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 2 && lane.Time.TimerCount > 0, "both wait");
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await lane.ValueOf(limited));
        Assert.True(await lane.ValueOf(endless));
    }

    [Theory, Loops]
    public async Task TwoLocks_AfterALimitOfTimeThatWasLeft_IsAnError(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop, start: false);
        var (a, b) = (new GreenletLock(), new GreenletLock());
        Greenlet<bool> Taker(GreenletLock first, GreenletLock second) => lane.Hub.Spawn(() =>
        {
            // Nothing can end the wait any more but the other one.
            Greenlet.WithTimeout(TimeSpan.FromSeconds(1), static () => Greenlet.Yield());
            using (first.Acquire())
            {
                Greenlet.Yield();
                using (second.Acquire())
                    return true;
            }
        });
        Greenlet[] both = [Taker(a, b), Taker(b, a)];
        lane.Hub.Start();
        foreach (var one in both)
            await lane.Ended(one);

        _ = Assert.Single(both, static one => one.Exception is HubDeadlockException);
        _ = Assert.Single(both, static one => one.IsSuccessful);
    }

    [Theory, Loops]
    public async Task TwoLocks_AcrossHubs_NeverHang_AndNoErrorWithoutACycle(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        await using var other = Waiting.Lane(loop);
        var (a, b) = (new GreenletLock(), new GreenletLock());
        var cycles = 0;
        Greenlet<int> Loop(HubUnderTest on, GreenletLock first, GreenletLock second) => on.Hub.Spawn(() =>
        {
            var done = 0;
            for (var i = 0; i < 300; i++)
            {
                try
                {
                    using (first.Acquire())
                    using (second.Acquire())
                        done++;
                }
                catch (HubDeadlockException)
                {
                    Interlocked.Increment(ref cycles);
                }
            }

            return done;
        });
        var one = Loop(lane, a, b);
        var two = Loop(other, b, a);
        Assert.Equal(600, await lane.ValueOf(one) + await other.ValueOf(two) + cycles);

        // The same order everywhere: whatever is reported would be a false alarm.
        one = Loop(lane, a, b);
        two = Loop(other, a, b);
        Assert.Equal(300, await lane.ValueOf(one));
        Assert.Equal(300, await other.ValueOf(two));
    }
}
