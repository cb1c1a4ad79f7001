namespace GreenletBridge.Core.Conformance.TaskToGreenlet;

/// <summary>Rows: the returned G; a delegate, a cold Task, a hot Task; the hub.</summary>
public sealed class AsGreenletTests
{
    [Theory, Loops]
    public async Task ReturnedGreenlet_IsNotStarted_GetSaysSo(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var calls = 0;
        Greenlet[] greenlets =
        [
            lane.Bridge.AsGreenlet(Task.CompletedTask),
            lane.Bridge.AsGreenlet(Task.FromResult(1)),
            lane.Bridge.AsGreenlet(_ => { calls++; return Task.CompletedTask; }),
            lane.Bridge.AsGreenlet(_ => { calls++; return Task.FromResult(1); }),
        ];
        await lane.Settle();
        foreach (var greenlet in greenlets)
        {
            Assert.Equal(GreenletStatus.Created, greenlet.Status);
            Assert.Contains("never started", AtOnce.Throws<HubDeadlockException>(() => greenlet.Get()).Message, StringComparison.Ordinal);
            Assert.Contains("Start()", AtOnce.Throws<HubDeadlockException>(() => greenlet.Join()).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<HubDeadlockException>(() => greenlet.JoinAsync());
            Assert.False(greenlet.Join(TimeSpan.Zero));
            greenlet.Start();
            await lane.For(lane.Bridge.AsTask(greenlet), "its end");
        }

        Assert.Equal(2, calls);
    }

    [Theory, Loops]
    public async Task NullTaskOrDelegate_Converted_ThrowsArgumentNull(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);

        AtOnce.Throws<ArgumentNullException>(() => lane.Bridge.AsGreenlet((Task)null!));
        AtOnce.Throws<ArgumentNullException>(() => lane.Bridge.AsGreenlet((Task<int>)null!));
        AtOnce.Throws<ArgumentNullException>(() => lane.Bridge.AsGreenlet((Func<CancellationToken, Task>)null!));
        AtOnce.Throws<ArgumentNullException>(() => lane.Bridge.AsGreenlet((Func<CancellationToken, Task<int>>)null!));
        AtOnce.Throws<ArgumentNullException>(() => lane.Bridge.Await(null!, null));
        AtOnce.Throws<ArgumentNullException>(() => lane.Bridge.Await<int>(null!, null));
        AtOnce.Throws<ArgumentNullException>(() => lane.Bridge.AsyncToSync((Func<Task>)null!));
        AtOnce.Throws<ArgumentNullException>(() => AsyncToSyncExtensions.AsyncToSync(null!, () => Task.CompletedTask));
    }

    [Theory, Loops]
    public async Task Delegate_IsCalledWhenTheGreenletStarts_InItWithItsToken(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var seen = new List<(Greenlet?, bool, bool)>();
        var greenlet = lane.Bridge.AsGreenlet(async token =>
        {
            seen.Add((Greenlet.Current, token.CanBeCanceled, token.IsCancellationRequested));
            await Greenlet.YieldAsync();
            seen.Add((Greenlet.Current, token.CanBeCanceled, token.IsCancellationRequested));
            return 5;
        });
        await lane.Settle();
        Assert.Empty(seen);
        greenlet.Start();

        Assert.Equal(5, await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        Assert.Equal([(greenlet, true, false), (greenlet, true, false)], seen);
        Assert.Equal(5, greenlet.Get());
    }

    [Theory, Loops]
    public async Task Delegate_ThatThrowsOrReturnsNull_GreenletFails(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var error = new InvalidTimeZoneException();
        Greenlet[] failing =
        [
            lane.Bridge.AsGreenlet((Func<CancellationToken, Task>)(_ => throw error)),
            lane.Bridge.AsGreenlet((Func<CancellationToken, Task<int>>)(_ => throw error)),
            lane.Bridge.AsGreenlet(async _ =>
            {
                await Greenlet.YieldAsync();
                throw error;
            }),
        ];
        foreach (var greenlet in failing)
            Assert.Same(error, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.AsTask(greenlet), "the error")));
        var empty = lane.Bridge.AsGreenlet((Func<CancellationToken, Task>)(_ => null!));
        await Assert.ThrowsAsync<InvalidOperationException>(() => lane.For(lane.Bridge.AsTask(empty), "the error"));
    }

    [Theory, Loops]
    public async Task ColdTask_IsStartedOnTheHubsSchedulerWhenTheGreenletStarts(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var cold = new Task<(TaskScheduler, Hub?)>(() => (TaskScheduler.Current, Hub.Current));
        var greenlet = lane.Bridge.AsGreenlet(cold);
        await lane.Settle();
        Assert.Equal(TaskStatus.Created, cold.Status);
        greenlet.Start();

        var (scheduler, hub) = await lane.For(lane.Bridge.AsTask(greenlet), "the value");
        Assert.Same(lane.Hub.TaskScheduler, scheduler);
        Assert.Same(lane.Hub, hub);
        // A function may return a cold Task as well.
        Assert.Equal(3, await lane.For(lane.Bridge.AsTask(lane.Bridge.AsGreenlet(_ => new Task<int>(() => 3))), "the value"));
        Assert.Equal(4, await lane.For(HubUnderTest.OnPlainThread(lane.Bridge.AsyncToSync(() => new Task<int>(() => 4))), "the value"));
        Assert.Equal(5, await lane.For(lane.Bridge.RunAsync(() => lane.Bridge.AsyncToSync(() => new Task<int>(() => 5))()), "the value"));
    }

    [Theory, Loops]
    public async Task ColdTask_WithoutAutoStart_GreenletWaitsUntilSomebodyStartsIt(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var cold = new Task<int>(() => 3);
        var greenlet = lane.Bridge.AsGreenlet(cold, new TaskToGreenletOptions { AutoStartTask = false });
        greenlet.Start();
        await lane.Until(() => greenlet.Status == GreenletStatus.Waiting, "the greenlet waits");
        Assert.Equal(TaskStatus.Created, cold.Status);
        cold.Start(TaskScheduler.Default);

        Assert.Equal(3, await lane.For(lane.Bridge.AsTask(greenlet), "the value"));
        var options = new TaskToGreenletOptions { AutoStartTask = false };
        foreach (var withValue in new[] { true, false })
        {
            var other = new Task<int>(() => 3);
            var caller = lane.Hub.Spawn(withValue
                ? () => { lane.Bridge.AsyncToSync(() => other, options)(); }
                : () => lane.Bridge.AsyncToSync(() => (Task)other, options)());
            await lane.Until(() => caller.Status == GreenletStatus.Waiting, "the caller waits");
            await lane.Settle();
            Assert.Equal(TaskStatus.Created, other.Status);
            other.Start(TaskScheduler.Default);
            await lane.For(lane.Bridge.AsTask(caller), "the call");
        }
    }

    [Theory, Loops]
    public async Task HotTask_DoneOrPendingOfAnyScheduler_GreenletHasItsEnd(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var pair = new ConcurrentExclusiveSchedulerPair();
        var gate = new TaskCompletionSource();
        var error = new InvalidTimeZoneException();
        Task<int>[] good =
        [
            Task.FromResult(1),
            Pending(1),
            Task.Run(() => 1),
            Task.Factory.StartNew(() => 1, CancellationToken.None, TaskCreationOptions.None, pair.ExclusiveScheduler),
            Task.Factory.StartNew(() => 1, CancellationToken.None, TaskCreationOptions.None, lane.Hub.TaskScheduler),
        ];
        Task[] bad = [Task.FromException(error), Fail(), Task.Run(() => throw error)];
        Greenlet<int>[] values = [.. good.Select(task => lane.Bridge.AsGreenlet(task))];
        Greenlet[] plain = [.. good.Select(task => lane.Bridge.AsGreenlet((Task)task))];
        Greenlet[] errors = [.. bad.Select(task => lane.Bridge.AsGreenlet(task))];
        foreach (var greenlet in values.Concat(plain).Concat(errors))
            greenlet.Start();
        gate.SetResult();

        foreach (var greenlet in values)
            Assert.Equal(1, await lane.For(lane.Bridge.AsTask(greenlet), "a value"));
        foreach (var greenlet in plain)
            await lane.For(lane.Bridge.AsTask(greenlet), "an end");
        foreach (var greenlet in errors)
            Assert.Same(error, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(lane.Bridge.AsTask(greenlet), "an error")));

        async Task<int> Pending(int value)
        {
            await gate.Task;
            return value;
        }

        async Task Fail()
        {
            await gate.Task;
            throw error;
        }
    }

    [Theory, Loops]
    public async Task NoHubGiven_TakesTheCurrentOneElseTheBridges(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        var inOther = other.Hub.Spawn(() =>
        {
            var greenlet = lane.Bridge.AsGreenlet(_ => Task.FromResult(Hub.Current));
            greenlet.Start();
            return (greenlet.Get(), lane.Bridge.AsyncToSync(() => Task.FromResult(Hub.Current))());
        });

        Assert.Equal((other.Hub, other.Hub), await lane.For(other.Bridge.AsTask(inOther), "the hubs"));
        Assert.Same(lane.Hub, await lane.For(HubUnderTest.OnPlainThread(lane.Bridge.AsyncToSync(() => Task.FromResult(Hub.Current))), "the hub"));
        var given = new TaskToGreenletOptions { Hub = lane.Hub };
        var there = other.Hub.Spawn(() => other.Bridge.AsyncToSync(() => Task.FromResult(Hub.Current), given)());
        Assert.Same(lane.Hub, await lane.For(other.Bridge.AsTask(there), "the given hub"));
        Assert.Same(lane.Hub, await lane.For(other.Bridge.AsTask(other.Bridge.AsGreenlet(_ => Task.FromResult(Hub.Current), given)), "the given hub"));
    }

    [Fact]
    public async Task NoHubGiven_InAConsoleProgram_IsHubDefaultForAllCalls()
    {
        var bridge = Hub.Default.Bridge;
        var call = bridge.AsyncToSync(async () =>
        {
            await Greenlet.YieldAsync();
            return Hub.Current;
        });

        var hubs = await Deadline.For(
            Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HubUnderTest.OnPlainThread(call))), "all calls", () => Hub.Default.Snapshot().ToString());

        Assert.All(hubs, hub => Assert.Same(Hub.Default, hub));
    }

    [Theory, Loops]
    public async Task NoHubGiven_WithAGroup_IsOneOfItsHubs(HubLoop loop)
    {
        await using var group = new HubGroup(2, new HubOptions { Loop = loop, Name = "group" });
        group.Start();
        var call = group.Bridge.AsyncToSync(async () =>
        {
            await Greenlet.YieldAsync();
            return Hub.Current!;
        });

        var hubs = await Deadline.For(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HubUnderTest.OnPlainThread(call))), "all calls");

        Assert.All(hubs, hub => Assert.Contains(hub, group.Hubs));
    }
}
