using GreenletBridge.Core.Stress.Exploration;
using Xunit;

namespace GreenletBridge.Core.Stress.Pools;

public sealed class PoolExploration
{
    [Fact]
    public void SpawnAsync_AnySchedule_NeverMoreThanThePlacesAndNoneIsLost() => Explorer.Explore(world =>
    {
        var pool = new GreenletPool(2, world.Hub);
        var disturbances = new Disturbances(world);
        var crowd = new Crowd(world);
        var spawned = 0;
        for (var i = 0; i < 3; i++)
        {
            world.Spawn($"spawner{i}", async () =>
            {
                for (var round = 0; round < 2; round++)
                {
                    var (timeout, token) = disturbances.Patience();
                    await Attempt.Of(world, "spawn", async () =>
                    {
                        Func<Task> work = () => crowd.Pass(0);
                        var greenlet = timeout is { } limit ? await pool.TrySpawnAsync(work, limit, token) : await pool.SpawnAsync(work, token);
                        if (greenlet is null)
                            return;
                        spawned++;
                        world.Adopt(greenlet);
                    });
                }
            });
        }

        disturbances.KillSome(2);
        KillOneOf(world, pool);
        disturbances.LetTimePass(2);
        return () =>
        {
            Assert.InRange(crowd.Most, 0, 2);
            Assert.InRange(crowd.Entered, 0, spawned);
            AssertAllFree(pool, crowd);
        };
    });

    [Fact]
    public void MapAsync_AnySchedule_InOrderOrTheFirstFailureAndNoneIsLeft() => Explorer.Explore(world =>
    {
        var pool = new GreenletPool(2, world.Hub);
        var disturbances = new Disturbances(world);
        var crowd = new Crowd(world);
        int[] items = [1, 2, 3, 4];
        int? failing = world.Pick(2) == 0 ? items[world.Pick(items.Length)] : null;
        int? failingToo = world.Pick(3) == 0 ? items[world.Pick(items.Length)] : null;
        var first = failing is { } one && failingToo is { } other ? Math.Min(one, other) : failing ?? failingToo;
        var (_, token) = disturbances.Patience();
        world.Spawn("mapper", () => Attempt.Of(world, "map", async () =>
        {
            try
            {
                var values = await pool.MapAsync(items, item => crowd.Pass(item, item == failing || item == failingToo), token);
                Assert.Null(first);
                Assert.Equal(items, values);
            }
            catch (DeliberateException error)
            {
                Assert.Equal(first, error.Number);
                Assert.Equal(0, crowd.Inside);
            }
        }));
        disturbances.KillSome(1);
        disturbances.LetTimePass(2);
        return () =>
        {
            Assert.InRange(crowd.Most, 0, 2);
            AssertAllFree(pool, crowd);
        };
    });

    [Fact]
    public void IMapUnorderedAsync_AnySchedule_EachOnceAndNeverTooFarAhead() => Explorer.Explore(world =>
    {
        var pool = new GreenletPool(2, world.Hub);
        var crowd = new Crowd(world);
        int[] items = [1, 2, 3, 4, 5];
        var bound = 1 + world.Pick(3);
        var most = world.Pick(items.Length + 1);
        var isOrdered = world.Pick(2) == 0;
        var got = new List<int>();
        world.Spawn("taker", async () =>
        {
            var values = isOrdered ? pool.IMapAsync(items, item => crowd.Pass(item), bound) : pool.IMapUnorderedAsync(items, item => crowd.Pass(item), bound);
            await foreach (var value in values)
            {
                got.Add(value);
                Assert.InRange(crowd.Entered, got.Count, got.Count + bound);
                if (got.Count == most)
                    break;
                if (world.Pick(2) == 0)
                    await Greenlet.YieldAsync();
            }

            Assert.Equal(most == 0 ? items.Length : most, got.Count);
        });
        var disturbances = new Disturbances(world);
        disturbances.KillSome(1);
        disturbances.LetTimePass(2);
        return () =>
        {
            Assert.Equal(got.Distinct(), got);
            if (isOrdered)
                Assert.Equal(items[..got.Count], got);
            Assert.InRange(crowd.Most, 0, 2);
            AssertAllFree(pool, crowd);
        };
    });

    [Fact]
    public void SpawnAsync_OnePlaceTwoSpawnersAndAKill_InEverySchedule()
    {
        var schedules = Explorer.ExploreAll(200_000, world =>
        {
            var pool = new GreenletPool(1, world.Hub);
            var inside = 0;
            var ran = 0;
            for (var i = 0; i < 2; i++)
            {
                world.Spawn($"spawner{i}", async () => world.Adopt(await pool.SpawnAsync(async () =>
                {
                    Assert.Equal(1, ++inside);
                    ran++;
                    try
                    {
                        await Greenlet.YieldAsync();
                    }
                    finally
                    {
                        inside--;
                    }
                })));
            }

            world.Outside("kill", () => world.Greenlets[0].Kill());
            return () =>
            {
                Assert.InRange(ran, 1, 2);
                Assert.Equal((0, 1), (pool.Count, pool.FreeCount));
            };
        });
        Assert.True(schedules > 10, $"{schedules} schedules");
    }

    private static void KillOneOf(World world, GreenletGroup group)
    {
        if (world.Pick(2) == 0)
            return;
        world.Outside("kill one of the pool", () =>
        {
            if (group.ToArray() is { Length: > 0 } all)
                all[world.Pick(all.Length)].Kill();
        });
    }

    private static void AssertAllFree(GreenletPool pool, Crowd crowd)
    {
        Assert.Equal(0, crowd.Inside);
        Assert.Equal((0, pool.Size), (pool.Count, pool.FreeCount));
    }
}
