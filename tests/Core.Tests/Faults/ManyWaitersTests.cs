using GreenletBridge.Core.Tests.Hubs;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Faults;

/// <summary>A hub is disposed while a thousand greenlets wait, in every way there is.</summary>
public sealed class ManyWaitersTests : HubTests
{
    private const int OfEachKind = 40;

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task DisposeAsync_AThousandWait_AllAreKilledAndTheirCarriersComeBack(HubLoop loop)
    {
        var pool = NewPool();
        var hub = StartHub(loop, options => options.Carriers = pool);
        var never = new TaskCompletionSource();
        var gate = new GreenletEvent();
        var result = new AsyncResult<int>();
        var places = new GreenletSemaphore(0);
        var empty = new GreenletQueue<int>();
        var full = new GreenletQueue<int>(1);
        full.Put(1);
        var channel = new GreenletChannel<int>();
        var held = new GreenletLock();
        var condition = new GreenletCondition();
        var taken = new object();
        using var runtime = new ManualResetEventSlim();
        using var semaphore = new SemaphoreSlim(0);
        var far = TimeSpan.FromDays(1);
        var holder = hub.Spawn(async () =>
        {
            using (await held.AcquireAsync())
                await Greenlet.SleepAsync(far);
        });
        Waits(holder);

        Action[] blocking =
        [
            () => Greenlet.Sleep(far), () => gate.Wait(), () => result.Get(), () => places.Acquire(), () => empty.Get(), () => channel.Get(),
            () => Greenlet.JoinAll([holder]), () => never.Task.Wait(), runtime.Wait, semaphore.Wait,
        ];
        Func<Task>[] async =
        [
            () => Greenlet.SleepAsync(far), async () => await gate.WaitAsync(), async () => await result.GetAsync(), async () => await places.AcquireAsync(),
            async () => await empty.GetAsync(), async () => await full.PutAsync(1), async () => await channel.GetAsync(),
            async () =>
            {
                using (await condition.Lock.AcquireAsync())
                    await condition.WaitAsync();
            },
            async () =>
            {
                using (await held.AcquireAsync())
                    await Greenlet.YieldAsync();
            },
            () => holder.JoinAsync(), async () => await Greenlet.WaitAnyAsync([gate, holder]), async () => await holder, () => hub.Spawn(() => Greenlet.SleepAsync(far)).JoinAsync(),
            () => never.Task.WaitAsync(Greenlet.Current!.KillToken), () => Greenlet.WithTimeoutAsync(far, _ => Greenlet.SleepAsync(far)),
        ];
        var greenlets = new List<Greenlet> { holder };
        for (var i = 0; i < OfEachKind; i++)
        {
            greenlets.AddRange(blocking.Select(hub.Spawn));
            greenlets.AddRange(async.Select(hub.Spawn));
        }

        await Deadline.Until(() => greenlets.TrueForAll(static greenlet => greenlet.Status == GreenletStatus.Waiting), "a thousand to wait", () => hub.Snapshot(new HubSnapshotOptions { Greenlets = false }).ToString());
        Assert.InRange(greenlets.Count, 1_000, 2_000);

        await Deadline.For(hub.DisposeAsync().AsTask(), "the end of the hub", () => hub.Snapshot().ToString());

        // Who waited for another one's end, or for a lock that the dead gave back, may have got it before the own kill came.
        Assert.All(greenlets, static greenlet => Assert.True(greenlet.Status is GreenletStatus.Killed or GreenletStatus.Completed, $"{greenlet}"));
        Assert.InRange(greenlets.Count(static greenlet => greenlet.Status == GreenletStatus.Killed), 20 * OfEachKind, greenlets.Count);
        Assert.Equal((0, false), (hub.Snapshot().Active, held.IsHeld));
        await Deadline.Until(() => pool.Busy == 0, "the carriers", () => $"{pool.Busy} of {pool.Count}");
        // Nobody is left in a list: what is given now is still there afterwards.
        places.Release();
        Assert.Equal((1, 1), (places.Count, full.Count));
        never.SetResult();
    }
}
