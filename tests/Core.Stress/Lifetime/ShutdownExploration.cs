using GreenletBridge.Core.Stress.Exploration;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Stress.Lifetime;

/// <summary>A hub that stops while its greenlets run, wait, spawn and are waited for.</summary>
public sealed class ShutdownExploration
{
    [Fact]
    public void StopAsync_WithoutTimeToDrain_WhatWasAcceptedEndsAndNobodyWaits() => Explorer.Explore(world =>
    {
        var work = new Work(world);
        Task? stop = null;
        work.Fill();
        world.Outside("stop", () =>
        {
            stop = world.Hub.StopAsync(TimeSpan.Zero);
            world.Settles(() => IsSettled(world, stop));
        });
        return () => work.AssertOver(stop!);
    });

    [Fact]
    public void StopAsync_WithTimeToDrain_TakesNothingNewAndEndsWhatItHas() => Explorer.Explore(world =>
    {
        var work = new Work(world);
        var source = new CancellationTokenSource();
        Task? stop = null;
        var isCut = false;
        work.Fill();
        world.Outside("stop", () =>
        {
            stop = world.Hub.StopAsync(TimeSpan.FromHours(1), source.Token);
            // The kills come from the thread pool, and end everything: it is calm when they have begun to, or when it is all over.
            world.Settles(() => isCut ? stop.IsCompleted || (world.Hub.KillsAll && world.Hub.Dispatcher.IsBusy) : IsSettled(world, stop));
            work.IsClosed = true;
            // The time to drain is real time: what it is over for is a token here.
            world.Outside("no more patience", () =>
            {
                isCut = true;
                source.Cancel();
            });
        });
        return () => work.AssertOver(stop!);
    });

    [Fact]
    public void StopAsync_AWaiterAndOneThatBegins_InEverySchedule()
    {
        var schedules = Explorer.ExploreAll(200_000, world =>
        {
            var gate = new GreenletEvent();
            Task? stop = null;
            world.Spawn("waiter", async () => await gate.WaitAsync());
            world.Outside("spawn", () =>
            {
                try
                {
                    world.Spawn("late", Greenlet.YieldAsync);
                }
                catch (HubStoppedException)
                {
                    world.Note("refused");
                }
            });
            world.Outside("set", gate.Set);
            world.Outside("stop", () =>
            {
                stop = world.Hub.StopAsync(TimeSpan.Zero);
                world.Settles(() => IsSettled(world, stop));
            });
            return () =>
            {
                Deadline.Wait(stop!, "the stop", () => world.Hub.Snapshot().ToString());
                Assert.All(world.Greenlets, static greenlet => Assert.True(greenlet.Status is GreenletStatus.Completed or GreenletStatus.Killed, $"{greenlet}"));
            };
        });
        Assert.True(schedules > 10, $"{schedules} schedules");
    }

    // The last steps of a stop run on the thread pool, once nothing is left on the hub.
    private static bool IsSettled(World world, Task stop) =>
        stop.IsCompleted || world.Hub.Dispatcher.IsBusy || world.Hub.Snapshot(new HubSnapshotOptions { Greenlets = false }) is not { Active: 0, Queued: 0 };

    private sealed class Work(World world)
    {
        private readonly GreenletEvent _never = new();
        private readonly GreenletLock _lock = new();
        private readonly GreenletQueue<int> _queue = new(1);
        private int _inside;

        /// <summary>Whether new work must be refused.</summary>
        public bool IsClosed { get; set; }

        public void Fill()
        {
            world.Spawn("waits for ever", () => Counted(async () => await _never.WaitAsync()));
            world.Spawn("sleeps long", () => Counted(() => Greenlet.SleepAsync(TimeSpan.FromDays(1))));
            var holder = world.Spawn("holds", () => Counted(async () =>
            {
                using (await _lock.AcquireAsync())
                {
                    await _queue.PutAsync(1);
                    await _queue.PutAsync(2);
                }
            }));
            world.Spawn("wants", () => Counted(async () =>
            {
                using (await _lock.AcquireAsync())
                    await Greenlet.YieldAsync();
            }));
            world.Spawn("joins", () => Counted(async () => await holder.JoinAsync()));
            world.SpawnBlocking("blocks", () =>
            {
                _inside++;
                try
                {
                    _never.Wait();
                }
                finally
                {
                    _inside--;
                }
            });
            world.Spawn("has children", () => Counted(async () =>
            {
                try
                {
                    var child = world.Hub.Spawn(() => Counted(Greenlet.YieldAsync));
                    world.Adopt(child);
                    await child.JoinAsync();
                }
                catch (HubStoppedException)
                {
                    world.Note("refused");
                }
            }));
            world.Outside("spawn from outside", () =>
            {
                try
                {
                    world.Spawn("from outside", () => Counted(Greenlet.YieldAsync));
                    Assert.False(IsClosed, "It was taken by a hub that stops.");
                }
                catch (HubStoppedException)
                {
                    world.Note("refused");
                }
            });
            world.Outside("post", () => world.Hub.SynchronizationContext.Post(_ => world.Note("posted"), null));
        }

        public void AssertOver(Task stop)
        {
            Deadline.Wait(stop, "the stop", () => world.Hub.Snapshot().ToString());
            Assert.Equal(0, _inside);
            Assert.False(_lock.IsHeld);
            Assert.All(world.Greenlets, static greenlet => Assert.True(greenlet.Status is GreenletStatus.Completed or GreenletStatus.Killed, $"{greenlet}"));
            Assert.Throws<HubStoppedException>(() => world.Hub.Spawn(static () => { }));
        }

        private async Task Counted(Func<Task> body)
        {
            _inside++;
            try
            {
                await body();
            }
            finally
            {
                _inside--;
            }
        }
    }
}
