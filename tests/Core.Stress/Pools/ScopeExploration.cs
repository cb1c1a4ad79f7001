using GreenletBridge.Core.Stress.Exploration;
using Xunit;

namespace GreenletBridge.Core.Stress.Pools;

public sealed class ScopeExploration
{
    [Fact]
    public void RunAsync_AnySchedule_NothingOutlivesItAndTheFirstFailureComesOut() => Explorer.Explore(world =>
    {
        var crowd = new Crowd(world);
        var isOwnerKilled = false;
        var owner = world.Spawn("owner", async () =>
        {
            var failures = new List<int>();
            Exception? outcome = null;
            try
            {
                await GreenletScope.RunAsync(
                    async scope =>
                    {
                        for (var i = 1; i <= 3; i++)
                        {
                            var number = i;
                            var fails = world.Pick(3) == 0;
                            world.Adopt(scope.Spawn(async () =>
                            {
                                try
                                {
                                    await crowd.Pass(number, fails);
                                }
                                catch (DeliberateException)
                                {
                                    failures.Add(number);
                                    world.Note($"failure {number}");
                                    throw;
                                }
                            }));
                            if (world.Pick(3) == 0)
                                await Greenlet.YieldAsync();
                        }

                        await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(world.Pick(3)));
                        if (world.Pick(3) == 0)
                        {
                            failures.Add(4);
                            world.Note("failure 4");
                            throw new DeliberateException(4);
                        }
                    },
                    world.Hub);
            }
            catch (Exception error)
            {
                outcome = error;
            }

            Assert.Equal(0, crowd.Inside);
            switch (outcome)
            {
                case DeliberateException failure:
                    Assert.Equal(failures[0], failure.Number);
                    break;
                case null:
                    Assert.Empty(failures);
                    break;
                default:
                    Assert.IsAssignableFrom<GreenletExitException>(outcome);
                    Assert.True(isOwnerKilled, $"{outcome}");
                    break;
            }
        });
        if (world.Pick(2) == 0)
        {
            world.Outside("kill the owner", () =>
            {
                isOwnerKilled = true;
                owner.Kill();
            });
        }

        if (world.Pick(2) == 0)
            world.Outside("kill a member", () => world.Greenlets.Except([owner]).FirstOrDefault()?.Kill());
        new Disturbances(world).LetTimePass(2);
        return () => Assert.Equal(0, crowd.Inside);
    }, allowed: static error => error is DeliberateException);

    [Fact]
    public void RunAsync_UnderALimitOfTime_TheLimitTakesAllAlong() => Explorer.Explore(world =>
    {
        var crowd = new Crowd(world);
        world.Spawn("owner", async () =>
        {
            try
            {
                await Greenlet.WithTimeoutAsync(TimeSpan.FromMilliseconds(world.Pick(3)), _ => GreenletScope.RunAsync(
                    async scope =>
                    {
                        world.Adopt(scope.Spawn(() => (Task)crowd.Pass(1)));
                        world.Adopt(scope.Spawn(() => (Task)crowd.Pass(2)));
                        await crowd.Pass(3);
                    },
                    world.Hub));
            }
            catch (GreenletTimeoutException)
            {
                world.Note("time is up");
            }

            Assert.Equal(0, crowd.Inside);
            // Its time is over with its scope.
            await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(5));
        });
        var disturbances = new Disturbances(world);
        disturbances.KillSome(1);
        disturbances.LetTimePass(3);
        return () => Assert.Equal(0, crowd.Inside);
    });

    // Not every schedule in turn: the failure's kills run on a carrier, and what is ready when it has ended is not the same each time.
    [Fact]
    public void RunAsync_TwoMembersAFailureAndAKill_InManySchedules()
    {
        Explorer.Explore(world =>
        {
            var inside = 0;
            var owner = world.Spawn("owner", async () =>
            {
                try
                {
                    await GreenletScope.RunAsync(
                        async scope =>
                        {
                            world.Adopt(scope.Spawn(() => Member(fails: true)));
                            world.Adopt(scope.Spawn(() => Member(fails: false)));
                            await Greenlet.YieldAsync();
                        },
                        world.Hub);
                    Assert.Fail("One of it has failed, or its owner was killed.");
                }
                catch (Exception error) when (error is DeliberateException or GreenletExitException)
                {
                    Assert.Equal(0, inside);
                }
            });
            world.Outside("kill", () => owner.Kill());
            return () => Assert.Equal(0, inside);

            async Task Member(bool fails)
            {
                inside++;
                try
                {
                    await Greenlet.YieldAsync();
                    if (fails)
                        throw new DeliberateException(1);
                }
                finally
                {
                    inside--;
                }
            }
        }, allowed: static error => error is DeliberateException);
    }
}
