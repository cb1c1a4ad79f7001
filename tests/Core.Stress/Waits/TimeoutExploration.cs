using GreenletBridge.Core.Stress.Exploration;
using Xunit;

namespace GreenletBridge.Core.Stress.Waits;

/// <summary>Limits of time around whatever waits.</summary>
public sealed class TimeoutExploration
{
    [Fact]
    public void Limits_OneInTheOther_EachIsThrownInItsScopeOnlyAndNotTooEarly() => Explorer.Explore(world =>
    {
        var disturbances = new Disturbances(world);
        for (var i = 0; i < 2; i++)
        {
            world.Spawn($"g{i}", async () =>
            {
                await Outer();
                // Both scopes are left: whatever comes now is nobody's.
                await Steps(3);
            });
        }

        disturbances.KillSome(1);
        disturbances.LetTimePass(4);
        return static () => { };

        async Task Outer()
        {
            using var outer = GreenletTimeout.Start(Some(4));
            var began = world.Time.GetUtcNow();
            try
            {
                await Inner(outer);
                await Steps(2);
                if (world.Pick(2) == 0 && outer.Cancel())
                    await Steps(3);
            }
            catch (GreenletTimeoutException error)
            {
                world.Note("outer");
                Assert.Same(outer, error.Owner);
                Assert.True(outer.IsCauseOf(error));
                Assert.True(world.Time.GetUtcNow() - began >= outer.Time, "too early");
            }
        }

        async Task Inner(GreenletTimeout outer)
        {
            using var inner = GreenletTimeout.Start(Some(4));
            var began = world.Time.GetUtcNow();
            try
            {
                await Steps(2);
                if (world.Pick(3) == 0 && inner.Cancel())
                {
                    inner.Start();
                    began = world.Time.GetUtcNow();
                    await Steps(2);
                }
            }
            catch (GreenletTimeoutException error) when (error.Owner == inner)
            {
                world.Note("inner");
                Assert.False(outer.IsCauseOf(error));
                Assert.True(world.Time.GetUtcNow() - began >= inner.Time, "too early");
            }
        }

        async Task Steps(int count)
        {
            for (; count > 0; count--)
            {
                if (world.Pick(2) == 0)
                    await Greenlet.YieldAsync();
                else
                    await Greenlet.SleepAsync(Some(3));
            }
        }

        TimeSpan Some(int milliseconds) => TimeSpan.FromMilliseconds(world.Pick(milliseconds));
    });

    [Fact]
    public void WithTimeoutAsync_AroundAQueue_NoItemIsLost() => Explorer.Explore(world =>
    {
        var queue = new GreenletQueue<int>(1);
        var disturbances = new Disturbances(world);
        var put = new List<int>();
        var got = new List<int>();
        for (var i = 0; i < 2; i++)
        {
            var first = 10 * (i + 1);
            world.Spawn($"putter{i}", async () =>
            {
                for (var item = first; item < first + 3; item++)
                {
                    if (await Greenlet.WithTimeoutAsync(Some(), async _ =>
                    {
                        await queue.PutAsync(item, null, CancellationToken.None);
                        put.Add(item);
                        return true;
                    }, otherwise: false))
                        world.Note($"put {item}");
                }
            });
            world.Spawn($"getter{i}", async () =>
            {
                for (var round = 0; round < 3; round++)
                {
                    await Greenlet.WithTimeoutAsync(Some(), async _ =>
                    {
                        got.Add(await queue.GetAsync(null, CancellationToken.None));
                        return true;
                    }, otherwise: false);
                }
            });
        }

        disturbances.KillSome(2);
        disturbances.LetTimePass(4);
        return () =>
        {
            while (queue.TryGet(out var item))
                got.Add(item);
            Assert.Equal(put.Order(), got.Order());
        };

        TimeSpan Some() => TimeSpan.FromMilliseconds(world.Pick(4));
    });

    [Fact]
    public void WithTimeout_InBlockingCode_EndsInTimeAndReachesNothingAfterIt() => Explorer.Explore(world =>
    {
        var gate = new GreenletSemaphore(0);
        var disturbances = new Disturbances(world);
        var taken = 0;
        for (var i = 0; i < 2; i++)
        {
            world.SpawnBlocking($"g{i}", () =>
            {
                var began = world.Time.GetUtcNow();
                var time = TimeSpan.FromMilliseconds(world.Pick(3));
                var isTaken = Greenlet.WithTimeout(
                    time,
                    () =>
                    {
                        gate.Acquire();
                        taken++;
                        return true;
                    },
                    otherwise: false);
                Assert.True(isTaken || world.Time.GetUtcNow() - began >= time);
                Greenlet.Sleep(TimeSpan.FromMilliseconds(world.Pick(3)));
            });
        }

        world.Outside("release", () => gate.Release());
        disturbances.KillSome(1);
        disturbances.LetTimePass(2);
        return () => Assert.Equal(1, taken + gate.Count);
    });

    [Fact]
    public void Limit_AWaitAKillAndThePassingOfTime_InEverySchedule()
    {
        var schedules = Explorer.ExploreAll(200_000, world =>
        {
            var gate = new GreenletEvent();
            var waiter = world.Spawn("waiter", async () =>
            {
                using (var limit = GreenletTimeout.Start(TimeSpan.FromMilliseconds(1)))
                {
                    try
                    {
                        await gate.WaitAsync();
                    }
                    catch (GreenletTimeoutException error)
                    {
                        Assert.Same(limit, error.Owner);
                    }
                }

                await Greenlet.YieldAsync();
            });
            world.Outside("set", gate.Set);
            world.Outside("time passes", () => world.Time.Advance(TimeSpan.FromMilliseconds(1)));
            world.Outside("kill", () => waiter.Kill());
            return () => Assert.True(waiter.Status is GreenletStatus.Completed or GreenletStatus.Killed);
        });
        Assert.True(schedules > 10, $"{schedules} schedules");
    }
}
