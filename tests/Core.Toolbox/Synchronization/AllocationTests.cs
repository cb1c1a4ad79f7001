namespace GreenletBridge.Core.Toolbox.Synchronization;

/// <summary>An uncontended acquire, a set, a put to a waiting getter allocate nothing beyond the waiter.</summary>
[Collection(nameof(WholeProcess))]
public sealed class AllocationTests
{
    private const int Rounds = 1000;

    [Theory, Loops]
    public async Task WhatNeedNotWait_AllocatesNothing(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var (semaphore, gate, e, result, queue, channel) =
            (new GreenletSemaphore(), new GreenletLock(), new GreenletEvent(), new AsyncResult<int>(), new GreenletQueue<int>(4), new GreenletChannel<int>());
        var bytes = lane.Hub.Spawn(() => Measured(() =>
        {
            semaphore.Acquire().Dispose();
            semaphore.TryAcquire(TimeSpan.FromSeconds(1));
            semaphore.Release();
            using (gate.Acquire())
            using (gate.Acquire(TimeSpan.FromSeconds(1)))
                Assert.True(gate.IsHeldByCaller);
            e.Set();
            e.Wait(TimeSpan.FromSeconds(1));
            e.Clear();
            e.Wait(TimeSpan.Zero);
            result.Set(1);
            result.Get();
            queue.Put(1);
            queue.TryPeek(out _);
            queue.Get();
            queue.TaskDone();
            channel.TryPut(1);
            channel.TryGet(out _);
        }));
        Assert.Equal(0, await lane.ValueOf(bytes));
    }

    [Theory, Loops]
    public async Task WhatNeedNotWait_Awaited_AllocatesNothing(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var (semaphore, gate, e, queue) = (new GreenletSemaphore(), new GreenletLock(), new GreenletEvent(isSet: true), new GreenletQueue<int>(4));
        async Task<bool> Round()
        {
            using (await semaphore.AcquireAsync())
            using (await gate.AcquireAsync(TimeSpan.FromSeconds(1)))
                await e.WaitAsync();
            await queue.PutAsync(1);
            await queue.GetAsync();
            await queue.TryPutAsync(1);
            return (await queue.TryGetAsync()).IsTaken;
        }

        var bytes = lane.Hub.Spawn(() => Measured(() => Assert.True(Round().IsCompletedSuccessfully)));
        Assert.Equal(0, await lane.ValueOf(bytes));
    }

    [Theory, Loops]
    public async Task Set_Release_Put_WithAWaiter_AllocateNothing(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var (e, semaphore, queue, channel, result) =
            (new GreenletEvent(), new GreenletSemaphore(0), new GreenletQueue<int>(), new GreenletChannel<int>(), new AsyncResult<int>[Rounds + 1]);
        for (var i = 0; i < result.Length; i++)
            result[i] = new AsyncResult<int>();
        _ = lane.Hub.Spawn(() => { for (var i = 0; ; i++) { e.Wait(); e.Clear(); } });
        _ = lane.Hub.Spawn(() => { for (var i = 0; ; i++) semaphore.Acquire(); });
        _ = lane.Hub.Spawn(() => { for (var i = 0; ; i++) queue.Get(); });
        _ = lane.Hub.Spawn(() => { for (var i = 0; ; i++) channel.Get(); });
        _ = lane.Hub.Spawn(() => { foreach (var one in result) one.Get(); });
        var giver = lane.Hub.Spawn(() =>
        {
            long bytes = 0;
            for (var i = 0; i <= Rounds; i++)
            {
                Greenlet.Yield();
                var before = GC.GetAllocatedBytesForCurrentThread();
                e.Set();
                semaphore.Release();
                queue.Put(i);
                var taken = channel.TryPut(i);
                result[i].Set(i);
                // The first round warms up: lists grow once.
                if (i > 0)
                    bytes += GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(taken, "Somebody waits each time, or the test measures nothing.");
            }

            return bytes;
        });
        Assert.Equal(0, await lane.ValueOf(giver));
    }

    [Theory, Loops]
    public async Task Wait_ThatHasToWait_AllocatesItsWaiterAlone(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var (there, back) = (new GreenletSemaphore(0), new GreenletSemaphore(0));
        _ = lane.Hub.Spawn(() =>
        {
            while (true)
            {
                there.Acquire();
                back.Release();
            }
        });
        var waits = lane.Hub.Spawn(() => Measured(() =>
        {
            there.Release();
            back.Acquire();
        }) / Rounds);
        // One object of some twenty words.
        Assert.InRange(await lane.ValueOf(waits), 1, 200);
    }

    [Theory, Loops]
    public async Task Set_Release_Put_WithAnAsyncWaiter_AllocateItsResumptionAlone(HubLoop loop)
    {
        await using var lane = Waiting.Lane(loop);
        var (e, semaphore, queue) = (new GreenletEvent(), new GreenletSemaphore(0), new GreenletQueue<int>());
        _ = lane.Hub.Spawn(async () => { while (true) { await e.WaitAsync(); e.Clear(); } });
        _ = lane.Hub.Spawn(async () => { while (true) await semaphore.AcquireAsync(); });
        _ = lane.Hub.Spawn(async () => { while (true) await queue.GetAsync(); });
        var giver = lane.Hub.Spawn(() =>
        {
            for (var i = 0; i < 100; i++)
                Give();
            long bytes = 0;
            for (var i = 0; i < Rounds; i++)
                bytes += Give();
            return bytes / Rounds / 3;
        });
        // What the hub queues for the code after the await: one small object, not the library's per primitive.
        Assert.InRange(await lane.ValueOf(giver), 0, 64);

        long Give()
        {
            Greenlet.Yield();
            var before = GC.GetAllocatedBytesForCurrentThread();
            e.Set();
            semaphore.Release();
            queue.Put(1);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static long Measured(Action round)
    {
        for (var i = 0; i < Rounds; i++)
            round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
            round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
