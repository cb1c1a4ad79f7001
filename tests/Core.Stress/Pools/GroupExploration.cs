using GreenletBridge.Core.Stress.Exploration;
using Xunit;

namespace GreenletBridge.Core.Stress.Pools;

public sealed class GroupExploration
{
    [Fact]
    public void KillAndJoin_WhileMembersSpawnMembers_NoneIsLeft() => Explorer.Explore(world =>
    {
        var group = new GreenletGroup(world.Hub);
        var disturbances = new Disturbances(world);
        var crowd = new Crowd(world);
        Grow(2);
        Grow(1);
        var isKilled = world.Pick(2) == 0;
        if (isKilled)
        {
            world.Spawn("killer", async () =>
            {
                await Greenlet.YieldAsync();
                var (timeout, token) = disturbances.Patience();
                await Attempt.Of(world, "kill", async () =>
                {
                    if (await group.KillAsync(null, timeout, token))
                        AssertEmpty();
                });
            });
        }

        for (var i = 0; i < 2; i++)
        {
            world.Spawn($"joiner{i}", async () =>
            {
                var (timeout, token) = disturbances.Patience();
                await Attempt.Of(world, "join", async () =>
                {
                    if (await group.JoinAsync(timeout, cancellationToken: token))
                        AssertEmpty();
                });
            });
        }

        disturbances.KillSome(2);
        disturbances.LetTimePass(2);
        return AssertEmpty;

        void Grow(int depth) => world.Adopt(group.Spawn(async () =>
        {
            await crowd.Pass(0);
            for (var children = depth == 0 ? 0 : 1 + world.Pick(2); children > 0; children--)
                Grow(depth - 1);
            await Greenlet.YieldAsync();
        }));

        void AssertEmpty() => Assert.Equal((0, 0), (group.Count, crowd.Inside));
    });
}
