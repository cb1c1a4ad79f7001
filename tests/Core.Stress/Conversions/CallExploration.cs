using GreenletBridge.Core.Stress.Exploration;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Stress.Conversions;

/// <summary>Functions that were converted, called from greenlets and from outside. The blocking ones wait for things of the hub.</summary>
public sealed class CallExploration
{
    [Fact]
    public void SyncToAsync_CalledFromOutside_TheTaskAndTheCodeEndAndAgree() => Explorer.Explore(world =>
    {
        var options = SomeOptions(world);
        var places = new GreenletSemaphore(1, 1);
        var inside = new bool[3];
        var isBroken = false;
        var call = world.Hub.Bridge.SyncToAsync<int, int>(
            (number, _) =>
            {
                inside[number] = true;
                try
                {
                    places.Acquire(cancellationToken: CancellationToken.None);
                    try
                    {
                        Greenlet.Sleep(TimeSpan.FromMilliseconds(world.Pick(2)));
                        return number;
                    }
                    finally
                    {
                        places.Release();
                    }
                }
                finally
                {
                    inside[number] = false;
                }
            },
            options);
        var calls = new List<Task<int>>();
        for (var i = 0; i < 3; i++)
        {
            var number = i;
            var source = new CancellationTokenSource();
            world.Outside($"call {number}", () =>
            {
                var task = call(number, source.Token);
                calls.Add(task);
                if (options.Completion == GreenletCompletion.AfterExit)
                    task.ContinueWith(_ => isBroken |= inside[number], CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            });
            if (world.Pick(2) == 0)
                world.Outside($"cancel {number}", source.Cancel);
        }

        new Disturbances(world).LetTimePass(2);
        return () =>
        {
            Deadline.Wait(() => calls.TrueForAll(static task => task.IsCompleted), "the Tasks");
            Assert.DoesNotContain(true, inside);
            Assert.Equal(1, places.Count);
            Assert.False(isBroken, "A Task that is over after the exit was over before it.");
            Assert.All(calls, static (task, _) => Assert.True(task.IsCompletedSuccessfully || task.IsCanceled, $"{task.Status}"));
        };
    });

    [Fact]
    public void SyncToAsync_AwaitedInAGreenlet_ItsKillAndTheCallAgree() => Explorer.Explore(world =>
    {
        var places = new GreenletSemaphore(1, 1);
        var disturbances = new Disturbances(world);
        var inside = 0;
        var call = world.Hub.Bridge.SyncToAsync<int, int>((number, _) =>
        {
            inside++;
            try
            {
                places.Acquire(cancellationToken: CancellationToken.None);
                places.Release();
                Greenlet.Sleep(TimeSpan.FromMilliseconds(world.Pick(2)));
                return number;
            }
            finally
            {
                inside--;
            }
        });
        for (var i = 0; i < 2; i++)
        {
            var number = i;
            world.Spawn($"caller{i}", () => Attempt.Of(world, "call", async () =>
            {
                var (_, token) = disturbances.Patience();
                Assert.Equal(number, await call(number, token));
                await places.AcquireAsync();
                await Greenlet.YieldAsync();
                places.Release();
            }));
        }

        disturbances.LetTimePass(2);
        return () =>
        {
            Assert.Equal(0, inside);
            Assert.Equal(1, places.Count);
        };
    });

    [Fact]
    public void AsyncToSync_InBlockingGreenlets_HereAndOnAnotherHub() => Explorer.Explore(world =>
    {
        var other = world.Pick(2) == 0 ? world.MakeHub("other") : null;
        var gate = new GreenletEvent();
        var disturbances = new Disturbances(world);
        var inside = 0;
        var ends = 0;
        var call = world.Hub.Bridge.AsyncToSync<int, int>(
            async (number, token) =>
            {
                inside++;
                try
                {
                    await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(world.Pick(2)));
                    if (number > 0)
                        await gate.WaitAsync(null, token);
                    return number;
                }
                finally
                {
                    inside--;
                }
            },
            new TaskToGreenletOptions { Hub = other });
        for (var i = 0; i < 3; i++)
        {
            var number = i;
            world.SpawnBlocking($"caller{i}", () =>
            {
                Assert.Equal(number, call(number));
                ends++;
            });
        }

        world.Outside("set", gate.Set);
        disturbances.KillSome(2);
        disturbances.LetTimePass(2);
        return () =>
        {
            Assert.Equal(0, inside);
            Assert.InRange(ends, 1, 3);
        };
    });

    [Fact]
    public void AsGreenlet_OfAFunction_AKillReachesItsTokenAndBothEnd() => Explorer.Explore(world =>
    {
        var isCancelled = world.Pick(2) == 0;
        var source = new TaskCompletionSource<int>();
        var isTold = false;
        var runs = 0;
        var greenlet = world.Hub.Bridge.AsGreenlet<int>(
            async token =>
            {
                runs++;
                using var registration = token.UnsafeRegister(_ =>
                {
                    isTold = true;
                    source.TrySetCanceled(CancellationToken.None);
                }, null);
                return await source.Task;
            },
            new TaskToGreenletOptions { AutoCancelTask = isCancelled });
        var got = 0;
        for (var i = 0; i < 2; i++)
        {
            world.Spawn($"getter{i}", async () =>
            {
                try
                {
                    Assert.Equal(7, await greenlet);
                    got++;
                }
                catch (OperationCanceledException)
                {
                    world.Note("cancelled");
                }
            });
        }

        var isKilled = world.Pick(2) == 0;
        if (isKilled)
            world.Outside("kill", () => greenlet.Kill());
        world.Outside("complete", () => source.TrySetResult(7));
        new Disturbances(world).KillSome(2);
        return () =>
        {
            Assert.InRange(runs, 0, 1);
            Assert.True(greenlet.IsReady || greenlet.Status == GreenletStatus.Created, $"{greenlet}");
            Assert.False(isTold && !(isKilled && isCancelled), "The token was cancelled without a kill.");
            // A kill that comes when the function is done has nothing to cancel.
            if (greenlet.Status == GreenletStatus.Killed && runs > 0 && !source.Task.IsCompletedSuccessfully)
                Assert.Equal(isCancelled, isTold);
            if (got > 0)
                Assert.Equal(7, greenlet.Value);
        };
    });

    [Fact]
    public void RunAsync_OfAsyncCodeAndACancellation_InEverySchedule()
    {
        var schedules = Explorer.ExploreAll(200_000, world =>
        {
            var source = new CancellationTokenSource();
            var gate = new GreenletEvent();
            var inside = 0;
            Task<int>? task = null;
            var wasInside = false;
            world.Outside("call", () =>
            {
                task = world.Hub.Bridge.RunAsync(
                    async () =>
                    {
                        inside++;
                        try
                        {
                            await gate.WaitAsync();
                            return 7;
                        }
                        finally
                        {
                            inside--;
                        }
                    },
                    source.Token);
                task.ContinueWith(_ => wasInside = inside > 0, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            });
            world.Outside("set", gate.Set);
            world.Outside("cancel", source.Cancel);
            return () =>
            {
                Deadline.Wait(() => task!.IsCompleted, "the Task");
                Assert.True(task!.IsCanceled || task.Result == 7);
                Assert.False(wasInside);
            };
        });
        Assert.True(schedules > 10, $"{schedules} schedules");
    }

    private static GreenletToTaskOptions SomeOptions(World world)
    {
        var isAfterExit = world.Pick(2) == 0;
        return new GreenletToTaskOptions
        {
            Completion = isAfterExit ? GreenletCompletion.AfterExit : GreenletCompletion.Immediate,
            AutoKillGreenlet = isAfterExit || world.Pick(2) == 0,
            AutoCancelTask = world.Pick(2) == 0,
        };
    }
}
