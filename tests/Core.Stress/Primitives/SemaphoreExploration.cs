using GreenletBridge.Core.Stress.Exploration;
using Xunit;

namespace GreenletBridge.Core.Stress.Primitives;

public sealed class SemaphoreExploration
{
    [Fact]
    public void Acquire_AnySchedule_NeverTooManyInsideAndNoPlaceIsLost() => Explorer.Explore(world =>
    {
        var places = 1 + world.Pick(2);
        var semaphore = new GreenletSemaphore(places);
        var disturbances = new Disturbances(world);
        var inside = 0;
        for (var i = 0; i < 4; i++)
        {
            var name = $"g{i}";
            world.Spawn(name, async () =>
            {
                for (var round = 0; round < 2; round++)
                {
                    var (timeout, token) = disturbances.Patience();
                    try
                    {
                        using (await semaphore.AcquireAsync(timeout, token))
                        {
                            world.Note($"{name} in");
                            Assert.InRange(++inside, 1, places);
                            try
                            {
                                for (var yields = world.Pick(3); yields > 0; yields--)
                                    await Greenlet.YieldAsync();
                            }
                            finally
                            {
                                inside--;
                                world.Note($"{name} out");
                            }
                        }
                    }
                    catch (Exception error) when (Disturbances.IsImpatience(error))
                    {
                        world.Note($"{name} gave up");
                    }
                }
            });
        }

        disturbances.KillSome(3);
        disturbances.LetTimePass(2);
        return () =>
        {
            Assert.Equal(0, inside);
            Assert.Equal(places, semaphore.Count);
        };
    });

    [Fact]
    public void Acquire_TwoAndAKill_InEverySchedule()
    {
        var schedules = Explorer.ExploreAll(200_000, world =>
        {
            var semaphore = new GreenletSemaphore();
            Greenlet[] both =
            [
                world.Spawn("first", () => Hold(semaphore)),
                world.Spawn("second", () => Hold(semaphore)),
            ];
            world.Outside("kill", () => both[1].Kill());
            return () => Assert.Equal(1, semaphore.Count);
        });
        Assert.True(schedules > 10, $"{schedules} schedules");
    }

    private static async Task Hold(GreenletSemaphore semaphore)
    {
        using (await semaphore.AcquireAsync())
            await Greenlet.YieldAsync();
    }
}
