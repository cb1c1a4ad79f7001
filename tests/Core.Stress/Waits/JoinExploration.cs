using GreenletBridge.Core.Stress.Exploration;
using GreenletBridge.Core.Stress.Pools;
using Xunit;

namespace GreenletBridge.Core.Stress.Waits;

/// <summary>Waiting for many, and for whatever comes first.</summary>
public sealed class JoinExploration
{
    [Fact]
    public void JoinAllAsync_AnySchedule_AsManyAsWereAskedForHaveEnded() => Explorer.Explore(world =>
    {
        var disturbances = new Disturbances(world);
        var crowd = new Crowd(world);
        var workers = new Greenlet[4];
        for (var i = 0; i < workers.Length; i++)
        {
            var number = i;
            var fails = world.Pick(4) == 0;
            workers[i] = world.Spawn($"worker{i}", () => crowd.Pass(number, fails));
        }

        for (var i = 0; i < 2; i++)
        {
            world.Spawn($"joiner{i}", async () =>
            {
                var (timeout, token) = disturbances.Patience();
                int? count = world.Pick(2) == 0 ? 1 + world.Pick(workers.Length) : null;
                var throws = world.Pick(2) == 0;
                await Attempt.Of(world, "join", async () =>
                {
                    try
                    {
                        var ended = await Greenlet.JoinAllAsync(workers, timeout, count, throws, token);
                        Assert.All(ended, static greenlet => Assert.True(greenlet.IsReady));
                        Assert.Equal(ended.Distinct(), ended);
                        if (timeout is null)
                            Assert.InRange(ended.Count, count ?? workers.Length, workers.Length);
                        Assert.False(throws && ended.Take(count ?? workers.Length).Any(static greenlet => greenlet.Status == GreenletStatus.Faulted));
                    }
                    catch (DeliberateException error)
                    {
                        Assert.True(throws);
                        Assert.Equal(GreenletStatus.Faulted, workers[error.Number].Status);
                    }
                });
            });
        }

        disturbances.KillSome(3);
        disturbances.LetTimePass(2);
        return () => Assert.All(workers, static worker => Assert.True(worker.IsReady));
    }, allowed: static error => error is DeliberateException);

    [Fact]
    public void WaitAnyAsync_AnySchedule_WhatItGivesIsReadyAndNothingIsTaken() => Explorer.Explore(world =>
    {
        var disturbances = new Disturbances(world);
        var gate = new GreenletEvent();
        var result = new AsyncResult<int>();
        var places = new GreenletSemaphore(0, 1);
        var source = new TaskCompletionSource();
        var worker = world.Spawn("worker", () => Greenlet.SleepAsync(TimeSpan.FromMilliseconds(1 + world.Pick(2))));
        IGreenletWaitable[] all = [gate, result, places, source.Task.AsWaitable(), worker];
        for (var i = 0; i < 2; i++)
        {
            world.Spawn($"waiter{i}", async () =>
            {
                var (timeout, token) = disturbances.Patience();
                await Attempt.Of(world, "wait", async () =>
                {
                    if (await Greenlet.WaitAnyAsync(all, timeout, token) is { } first)
                        Assert.True(first.IsReady);
                    else
                        Assert.NotNull(timeout);
                });
            });
        }

        world.Spawn("each", async () =>
        {
            var (timeout, token) = disturbances.Patience();
            var seen = new List<IGreenletWaitable>();
            await Attempt.Of(world, "each", async () =>
            {
                await foreach (var next in Greenlet.WaitEachAsync(all, timeout, null, token))
                {
                    Assert.True(next.IsReady);
                    Assert.DoesNotContain(next, seen);
                    seen.Add(next);
                }

                Assert.True(timeout is not null || seen.Count == all.Length, $"{seen.Count} of {all.Length}");
            });
        });
        world.Outside("set", gate.Set);
        world.Outside("result", () => result.Set(1));
        world.Outside("release", () => places.Release());
        world.Outside("complete", source.SetResult);
        disturbances.KillSome(2);
        disturbances.LetTimePass(2);
        return () => Assert.Equal(1, places.Count);
    });

    [Fact]
    public void WaitAnyAsync_TwoThingsALimitAndAKill_InEverySchedule()
    {
        var schedules = Explorer.ExploreAll(200_000, world =>
        {
            var gate = new GreenletEvent();
            var other = world.Spawn("other", Greenlet.YieldAsync);
            var waiter = world.Spawn("waiter", async () =>
            {
                if (await Greenlet.WaitAnyAsync([gate, other], TimeSpan.FromMilliseconds(1)) is { } first)
                    Assert.True(first.IsReady);
            });
            world.Outside("set", gate.Set);
            world.Outside("time passes", () => world.Time.Advance(TimeSpan.FromMilliseconds(1)));
            world.Outside("kill", () => waiter.Kill());
            return () => Assert.True(waiter.IsReady && other.IsSuccessful);
        });
        Assert.True(schedules > 10, $"{schedules} schedules");
    }
}
