using GreenletBridge.Core.Stress.Exploration;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Stress.Primitives;

/// <summary>The greenlet itself and the conversions.</summary>
public sealed class GreenletExploration
{
    [Fact]
    public void JoinKillAndLink_AnySchedule_EachEndsOnceAndAllAreTold() => Explorer.Explore(world =>
    {
        var disturbances = new Disturbances(world);
        var linked = 0;
        var ran = 0;
        var workers = new Greenlet[3];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = world.Spawn($"worker{i}", async () =>
            {
                ran++;
                for (var yields = world.Pick(3); yields > 0; yields--)
                    await Greenlet.YieldAsync();
                await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(world.Pick(3)));
            });
            workers[i].Link(_ => linked++);
        }

        var joined = 0;
        for (var i = 0; i < 2; i++)
        {
            world.Spawn($"joiner{i}", async () =>
            {
                foreach (var worker in workers)
                {
                    var (timeout, token) = disturbances.Patience();
                    try
                    {
                        if (await worker.JoinAsync(timeout, token))
                        {
                            Assert.True(worker.IsReady);
                            joined++;
                        }
                    }
                    catch (Exception error) when (Disturbances.IsImpatience(error))
                    {
                        world.Note("gave up");
                    }
                }
            });
        }

        disturbances.KillSome(4);
        disturbances.LetTimePass(3);
        return () =>
        {
            Assert.Equal(workers.Length, linked);
            Assert.InRange(ran, 0, workers.Length);
            Assert.All(workers, worker => Assert.True(worker.Status is GreenletStatus.Completed or GreenletStatus.Killed, $"{worker}"));
        };
    });

    [Fact]
    public void AsTask_AnySchedule_BothEndAndAgree() => Explorer.Explore(world =>
    {
        var source = new CancellationTokenSource();
        var isAfterExit = world.Pick(2) == 0;
        var options = new GreenletToTaskOptions
        {
            Completion = isAfterExit ? GreenletCompletion.AfterExit : GreenletCompletion.Immediate,
            // The two others together are refused.
            AutoKillGreenlet = isAfterExit || world.Pick(2) == 0,
            AutoCancelTask = world.Pick(2) == 0,
        };
        var isInside = false;
        var greenlet = world.Spawn("work", async () =>
        {
            isInside = true;
            try
            {
                await Greenlet.YieldAsync();
                await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(2));
            }
            finally
            {
                // The cancellation's kill may be followed by another one.
                try
                {
                    await Greenlet.YieldAsync();
                }
                finally
                {
                    isInside = false;
                }
            }
        });
        Task? task = null;
        var wasInsideAtEnd = false;
        world.Outside("convert", () =>
        {
            task = world.Hub.Bridge.AsTask(greenlet, options, source.Token);
            task.ContinueWith(_ => wasInsideAtEnd = isInside, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        });
        if (world.Pick(2) == 0)
            world.Outside("cancel", source.Cancel);
        if (world.Pick(2) == 0)
            world.Outside("kill", () => greenlet.Kill());
        new Disturbances(world).LetTimePass(1);
        return () =>
        {
            Deadline.Wait(() => task!.IsCompleted, "the Task");
            // A kill counts as an end like any other where it is not to cancel the Task.
            if (!source.IsCancellationRequested)
                Assert.Equal(greenlet.Status == GreenletStatus.Completed || !options.AutoCancelTask, task!.IsCompletedSuccessfully);
            if (options.Completion == GreenletCompletion.AfterExit)
                Assert.False(wasInsideAtEnd);
            Assert.False(isInside);
        };
    });

    [Fact]
    public void AsGreenlet_AnySchedule_BothEndAndAgree() => Explorer.Explore(world =>
    {
        var source = new TaskCompletionSource<int>();
        var greenlet = world.Hub.Bridge.AsGreenlet(source.Task);
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
                catch (OperationCanceledException error) when (error is not GreenletExitException || greenlet.Status == GreenletStatus.Killed)
                {
                    world.Note("cancelled");
                }
            });
        }

        var outcome = world.Pick(2);
        world.Outside("complete", () => _ = outcome == 0 ? source.TrySetResult(7) : source.TrySetCanceled());
        new Disturbances(world).KillSome(2);
        if (world.Pick(3) == 0)
            world.Outside("kill the promise", () => greenlet.Kill());
        return () =>
        {
            // Nobody may have come to wait for it; it is not begun then.
            Assert.True(greenlet.IsReady || greenlet.Status == GreenletStatus.Created, $"{greenlet}");
            if (greenlet.IsSuccessful)
                Assert.Equal(0, outcome);
        };
    });
}
