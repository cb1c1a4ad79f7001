namespace GreenletBridge.Core.Toolbox;

/// <summary>Limits that fire while others do, while waits end and while greenlets are killed. A failure names its seed: SEED=n repeats its choices.</summary>
public sealed class TimeoutStressTests
{
    private const int Greenlets = 20;
    private const int Rounds = 15;

    [Theory, LoopsAndBodies]
    public async Task NestedLimits_KillsAndCompletions_EachScopeCatchesItsOwn_AndNothingIsLeft(HubLoop loop, BodyKind body)
    {
        foreach (var seed in Seeds.Take(Seeds.Count(4)))
        {
            try
            {
                await RunAsync(loop, body, seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}, loop {loop}, {body} bodies", e);
            }
        }
    }

    private static async Task RunAsync(HubLoop loop, BodyKind body, int seed)
    {
        await using var lane = new HubUnderTest(loop);
        var places = new GreenletSemaphore(2);
        var all = Enumerable.Range(0, Greenlets).Select(number =>
        {
            var worker = new Worker(new Random(unchecked(seed + number)), places);
            return lane.Spawn<int>(body, waits => worker.RunAsync(body, waits));
        }).ToList();
        var random = new Random(seed);
        // Time and kills come from another thread, whatever the greenlets are in the middle of.
        await lane.Until(
            () =>
            {
                lane.Time.Advance(TimeSpan.FromSeconds(1));
                if (random.Next(3) == 0)
                    all[random.Next(all.Count)].Kill();
                return all.TrueForAll(static greenlet => greenlet.IsReady);
            },
            "all have ended");

        foreach (var greenlet in all)
            Assert.True(greenlet.Status is GreenletStatus.Completed or GreenletStatus.Killed, $"{greenlet}: {greenlet.Exception}");
        Assert.Equal(2, places.Count);
        await lane.Settle();
        await lane.Until(() => lane.Time.TimerCount == 0, "no timer is left");
    }

    private sealed class Worker(Random random, GreenletSemaphore places)
    {
        private int _labels;

        public async Task<int> RunAsync(BodyKind body, BodyWaits waits)
        {
            var fired = 0;
            for (var round = 0; round < Rounds; round++)
            {
                var label = --_labels;
                var value = body == BodyKind.Async ? await LimitedAsync(label, depth: 0) : Limited(label, depth: 0);
                Assert.True(value == label || value >= 0, $"{value} is neither the body's nor {label}");
                fired += value < 0 ? 1 : 0;
                // Out of every scope: nothing of theirs may be thrown here.
                await waits.Yield();
            }

            return fired;
        }

        private TimeSpan Time() => TimeSpan.FromSeconds(random.Next(-1, 5));

        private int Limited(int label, int depth) => Greenlet.WithTimeout(
            Time(),
            () =>
            {
                for (var i = random.Next(3); i >= 0; i--)
                {
                    if (depth < 3 && random.Next(2) == 0)
                    {
                        var inner = --_labels;
                        var value = Limited(inner, depth + 1);
                        Assert.True(value == inner || value >= 0, $"{value} is neither the body's nor {inner}");
                    }
                    else if (random.Next(2) == 0)
                    {
                        using (places.Acquire())
                            Greenlet.Sleep(Time());
                    }
                    else
                    {
                        Greenlet.Sleep(Time());
                    }
                }

                return depth;
            },
            label);

        private Task<int> LimitedAsync(int label, int depth) => Greenlet.WithTimeoutAsync(
            Time(),
            async _ =>
            {
                for (var i = random.Next(3); i >= 0; i--)
                {
                    if (depth < 3 && random.Next(2) == 0)
                    {
                        var inner = --_labels;
                        var value = await LimitedAsync(inner, depth + 1);
                        Assert.True(value == inner || value >= 0, $"{value} is neither the body's nor {inner}");
                    }
                    else if (random.Next(2) == 0)
                    {
                        using (await places.AcquireAsync(null, CancellationToken.None))
                            await Greenlet.SleepAsync(Time());
                    }
                    else
                    {
                        await Greenlet.SleepAsync(Time());
                    }
                }

                return depth;
            },
            label);
    }
}
