using GreenletBridge.Core.Stress.Exploration;
using Xunit;

namespace GreenletBridge.Core.Stress.Primitives;

public sealed class LockExploration
{
    [Fact]
    public void Acquire_AnySchedule_OneInsideAtATime() => Explorer.Explore(world =>
    {
        var gate = new GreenletLock();
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
                        using (await gate.AcquireAsync(timeout, token))
                        using (await gate.AcquireAsync())
                        {
                            world.Note($"{name} in");
                            Assert.Equal(1, ++inside);
                            try
                            {
                                await Greenlet.YieldAsync();
                                Assert.True(gate.IsHeldByCaller);
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
        return () => Assert.False(gate.IsHeld);
    });

    [Fact]
    public void Condition_ABufferOfOne_NothingIsLost() => Explorer.Explore(world =>
    {
        var condition = new GreenletCondition();
        var disturbances = new Disturbances(world);
        var buffer = new Queue<int>();
        var put = new List<int>();
        var got = new List<int>();
        var isOver = false;
        for (var i = 0; i < 2; i++)
        {
            var first = 10 * (i + 1);
            world.Spawn($"putter{i}", async () =>
            {
                for (var item = first; item < first + 2; item++)
                {
                    using (await condition.Lock.AcquireAsync())
                    {
                        while (buffer.Count > 0 && !isOver)
                            await condition.WaitAsync();
                        if (isOver)
                            return;
                        buffer.Enqueue(item);
                        put.Add(item);
                        condition.NotifyAll();
                    }
                }
            });
            world.Spawn($"getter{i}", async () =>
            {
                for (var round = 0; round < 2; round++)
                {
                    var (timeout, token) = disturbances.Patience();
                    using (await condition.Lock.AcquireAsync())
                    {
                        try
                        {
                            while (buffer.Count == 0 && !isOver)
                            {
                                if (!await condition.WaitAsync(timeout, token))
                                    break;
                            }
                        }
                        catch (Exception error) when (Disturbances.IsImpatience(error))
                        {
                            world.Note("gave up");
                        }

                        // Whatever ended the wait, the lock is held again.
                        Assert.True(condition.Lock.IsHeldByCaller);
                        if (buffer.TryDequeue(out var item))
                            got.Add(item);
                        condition.NotifyAll();
                    }
                }
            });
        }

        disturbances.KillSome(2);
        disturbances.LetTimePass(2);
        world.AtRest(() => world.Spawn("closer", async () =>
        {
            using (await condition.Lock.AcquireAsync())
            {
                isOver = true;
                condition.NotifyAll();
            }
        }));
        return () =>
        {
            Assert.False(condition.Lock.IsHeld);
            Assert.Equal(put, got.Concat(buffer));
        };
    });
}
