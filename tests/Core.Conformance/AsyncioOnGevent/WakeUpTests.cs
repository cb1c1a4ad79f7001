namespace GreenletBridge.Core.Conformance.AsyncioOnGevent;

/// <summary>Row: whatever completes a Task or sets an event wakes an idle hub at once.</summary>
public sealed class WakeUpTests
{
    public static TheoryData<HubLoop, BodyKind, string> Wakers()
    {
        var data = new TheoryData<HubLoop, BodyKind, string>();
        foreach (var loop in Enum.GetValues<HubLoop>())
        {
            foreach (var body in Enum.GetValues<BodyKind>())
            {
                foreach (var waker in new[] { "plain thread", "pool", "timer", "greenlet of another hub", "greenlet of this hub", "post" })
                    data.Add(loop, body, waker);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Wakers))]
    public async Task CompletedTask_FromAnywhere_WakesAnIdleHubAtOnce(HubLoop loop, BodyKind body, string waker)
    {
        // The only other thing that could wake this hub is an hour away, on a clock that nobody moves.
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        _ = lane.Hub.SpawnLater(TimeSpan.FromHours(1), static () => { });
        var gate = new TaskCompletionSource<int>();
        using var opened = new ManualResetEventSlim();
        var greenlet = lane.Spawn(body, async waits =>
        {
            await waits.For(gate.Task);
            return gate.Task.Result;
        });
        var hooked = lane.Hub.Spawn(() => opened.Wait());
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 2 && lane.Hub.Snapshot().BusyFor == TimeSpan.Zero, "the hub is idle");

        void Wake()
        {
            gate.SetResult(4);
            opened.Set();
        }

        using var timer = waker == "timer" ? new Timer(_ => Wake(), null, 1, Timeout.Infinite) : null;
        switch (waker)
        {
            case "plain thread":
                await HubUnderTest.OnPlainThread(() => { Wake(); return 0; });
                break;
            case "pool":
                await Task.Run(Wake);
                break;
            case "greenlet of another hub":
                _ = other.Hub.Spawn(Wake);
                break;
            case "greenlet of this hub":
                _ = lane.Hub.Spawn(Wake);
                break;
            case "post":
                lane.Hub.SynchronizationContext.Post(_ => Wake(), null);
                break;
        }

        Assert.Equal(4, await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        await lane.For(lane.Bridge.AsTask(hooked), "the event");
    }

    [Theory, Loops]
    public async Task AdvancedClock_WakesAnIdleHub_AndRunsNothingInline(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var thread = 0;
        var greenlet = lane.Hub.Spawn(async () =>
        {
            await Greenlet.SleepAsync(TimeSpan.FromSeconds(1));
            thread = Environment.CurrentManagedThreadId;
        });
        await lane.Until(() => lane.Time.TimerCount > 0, "the timer");
        var advanced = await HubUnderTest.OnPlainThread(() =>
        {
            lane.Time.Advance(TimeSpan.FromSeconds(1));
            return Environment.CurrentManagedThreadId;
        });

        await lane.Ended(greenlet);
        Assert.NotEqual(advanced, thread);
    }

    [Theory, Loops]
    public async Task Timers_OfManyGreenlets_FireInOrderOfTheirTime(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var woken = new List<int>();
        Greenlet[] greenlets = [.. new[] { 5, 1, 4, 2, 3 }.Select(seconds => lane.Hub.Spawn(() =>
        {
            Greenlet.Sleep(TimeSpan.FromSeconds(seconds));
            woken.Add(seconds);
        }))];
        await lane.Until(() => lane.Hub.Snapshot().Waiting == 5, "all sleep");
        await lane.Until(() => lane.Time.NextDue == TimeSpan.FromSeconds(1), "the timer");
        lane.Time.Advance(TimeSpan.FromSeconds(10));

        foreach (var greenlet in greenlets)
            await lane.Ended(greenlet);
        Assert.Equal([1, 2, 3, 4, 5], woken);
    }
}
