namespace GreenletBridge.Core.Conformance.GreenletToTask;

/// <summary>Rows: converted several times, from anywhere, of another hub; itself and null.</summary>
public sealed class CallerTests
{
    [Theory, LoopsAndBodies]
    public async Task SameGreenlet_ConvertedSeveralTimesAndAwaitedByMany_EachGetsTheResult(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var good = lane.Spawn(body, async waits =>
        {
            await waits.For(gate.Task);
            return 5;
        });
        var error = new InvalidTimeZoneException();
        var bad = lane.Spawn<int>(body, async waits =>
        {
            await waits.For(gate.Task);
            throw error;
        });
        async Task<int> Await() => await good;
        var values = Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? lane.Bridge.AsTask(good) : Await())
            .Append(lane.Bridge.AsTask(lane.Hub.Spawn(() => good.Get())))
            .Append(lane.Bridge.AsTask(lane.Hub.Spawn(async () => await good)))
            .ToArray();
        var errors = Enumerable.Range(0, 10).Select(_ => lane.Bridge.AsTask(bad)).ToArray();

        gate.SetResult();

        Assert.All(await lane.For(Task.WhenAll(values), "all values"), value => Assert.Equal(5, value));
        foreach (var task in errors)
            Assert.Same(error, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => lane.For(task, "the error")));
    }

    [Theory, LoopsAndBodies]
    public async Task GreenletOfAnotherHub_ConvertedAndAwaited_Works(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        await using var other = new HubUnderTest(loop);
        Hub? ran = null;
        var foreign = other.Create(body, async waits =>
        {
            await waits.Yield();
            ran = Hub.Current;
            return 3;
        });
        var sum = lane.Bridge.AsTask(lane.Hub.Spawn(async () =>
        {
            var first = await foreign;
            Assert.Same(lane.Hub, Hub.Current);
            var second = await lane.Bridge.AsTask(foreign);
            Assert.Same(lane.Hub, Hub.Current);
            return first + second;
        }));

        Assert.Equal(6, await lane.For(sum, "the sum"));
        Assert.Same(other.Hub, ran);
        Assert.Equal(3, await lane.For(lane.Bridge.AsTask(lane.Hub.Spawn(() => foreign.Get())), "the value again"));
    }

    [Theory, LoopsAndBodies]
    public async Task Converted_FromAPoolThread_Works(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var value = Task.Run(async () => await lane.Bridge.AsTask(lane.Create(body, _ => Task.FromResult(1))) + await lane.Create(body, _ => Task.FromResult(2)));

        Assert.Equal(3, await lane.For(value, "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task Converted_FromAGreenlet_Works(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var outer = lane.Spawn(body, async waits =>
        {
            var inner = lane.Create(body, _ => Task.FromResult(1));
            var task = lane.Bridge.AsTask(inner);
            await waits.For(task);
            return task.Result;
        });

        Assert.Equal(1, await lane.For(lane.Bridge.AsTask(outer), "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task Converted_FromAHubCallback_Works(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var value = new TaskCompletionSource<Task<int>>(TaskCreationOptions.RunContinuationsAsynchronously);

        lane.Hub.SynchronizationContext.Post(_ => value.SetResult(lane.Bridge.AsTask(lane.Create(body, _ => Task.FromResult(1)))), null);
        Assert.Equal(1, await lane.For(await lane.For(value.Task, "the post"), "the value"));

        var linked = new TaskCompletionSource<Task<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lane.Hub.Spawn(static () => { }).Link(_ => linked.SetResult(lane.Bridge.AsTask(lane.Create(body, _ => Task.FromResult(2)))));
        Assert.Equal(2, await lane.For(await lane.For(linked.Task, "the link"), "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task Converted_FromAPlainThreadWithNoContext_Works(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var value = HubUnderTest.OnPlainThread(() =>
        {
            Assert.Null(SynchronizationContext.Current);
            return lane.Bridge.AsTask(lane.Create(body, _ => Task.FromResult(1))).GetAwaiter().GetResult();
        });

        Assert.Equal(1, await lane.For(value, "the value"));
    }

    [Theory, LoopsAndBodies]
    public async Task AwaitGreenlet_UnderAContextOrSchedulerOfTheCallers_GoesOnThere(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var pair = new ConcurrentExclusiveSchedulerPair();
        var gate = new TaskCompletionSource();
        var greenlet = lane.Spawn(body, async waits => await waits.For(gate.Task));
        var scheduler = Task.Factory.StartNew(
            async () =>
            {
                await greenlet;
                return TaskScheduler.Current;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            pair.ExclusiveScheduler).Unwrap();
        await lane.Settle();
        gate.SetResult();

        Assert.Same(pair.ExclusiveScheduler, await lane.For(scheduler, "the rest"));
    }

    [Theory, Loops]
    public async Task NullGreenlet_Converted_ThrowsArgumentNull(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var bridge = lane.Bridge;

        AtOnce.Throws<ArgumentNullException>(() => { bridge.AsTask(null!); });
        AtOnce.Throws<ArgumentNullException>(() => { bridge.AsTask<int>(null!); });
        AtOnce.Throws<ArgumentNullException>(() => { bridge.RunAsync((Action)null!); });
        AtOnce.Throws<ArgumentNullException>(() => { bridge.RunAsync((Func<int>)null!); });
        AtOnce.Throws<ArgumentNullException>(() => { bridge.RunAsync((Func<Task>)null!); });
        AtOnce.Throws<ArgumentNullException>(() => { bridge.RunAsync((Func<Task<int>>)null!); });
        AtOnce.Throws<ArgumentNullException>(() => { bridge.RunBlocking(null!, null, default); });
        AtOnce.Throws<ArgumentNullException>(() => { bridge.RunBlocking<int>(null!, null, default); });
        AtOnce.Throws<ArgumentNullException>(() => bridge.SyncToAsync((Action)null!));
        AtOnce.Throws<ArgumentNullException>(() => SyncToAsyncExtensions.SyncToAsync(null!, () => { }));
        AtOnce.Throws<ArgumentNullException>(() => lane.Hub.Spawn((Action)null!));
        AtOnce.Throws<ArgumentNullException>(() => lane.Hub.Spawn((Func<Task>)null!));
        AtOnce.Throws<ArgumentNullException>(() => lane.Hub.SpawnLater(TimeSpan.Zero, (Func<int>)null!));
        AtOnce.Throws<ArgumentNullException>(() => { lane.Hub.Run((Func<Task>)null!); });
        AtOnce.Throws<ArgumentNullException>(() => lane.Hub.SynchronizationContext.Post(null!, null));
        AtOnce.Throws<ArgumentNullException>(() => lane.Hub.SynchronizationContext.Send(null!, null));
        AtOnce.Throws<ArgumentNullException>(() => Greenlet.Await(null!));
        AtOnce.Throws<ArgumentNullException>(() => lane.Hub.Spawn(static () => { }).Link(null!));
    }

    [Theory, LoopsAndBodies]
    public async Task Itself_ConvertedAwaitedOrJoined_IsAClearErrorAtOnce(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        Greenlet<string> self = null!;
        self = lane.Create(body, async waits =>
        {
            Exception[] errors =
            [
                AtOnce.Throws<HubDeadlockException>(() => { lane.Bridge.AsTask(self); }),
                AtOnce.Throws<HubDeadlockException>(() => { lane.Bridge.AsTask((Greenlet)self); }),
                AtOnce.Throws<HubDeadlockException>(() => { self.GetAwaiter(); }),
                AtOnce.Throws<HubDeadlockException>(() => { ((Greenlet)self).GetAwaiter(); }),
                AtOnce.Throws<HubDeadlockException>(() => self.Get()),
                AtOnce.Throws<HubDeadlockException>(() => self.Join()),
                await Assert.ThrowsAsync<HubDeadlockException>(() => self.JoinAsync()),
            ];
            await waits.Yield();
            return errors[0].Message;
        });

        Assert.Contains($"greenlet {self.Id}", await lane.For(lane.Bridge.AsTask(self), "the errors"), StringComparison.Ordinal);
    }

    [Theory, LoopsAndBodies]
    public async Task GreenletOfADisposedHub_ConvertedOrStarted_ThrowsAtOnce(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Create(body, _ => Task.FromResult(1));
        await lane.For(lane.Hub.DisposeAsync().AsTask(), "the end of the hub");

        AtOnce.Throws<HubStoppedException>(() => { lane.Bridge.AsTask(greenlet); });
        AtOnce.Throws<HubStoppedException>(() => { greenlet.GetAwaiter(); });
        AtOnce.Throws<HubStoppedException>(greenlet.Start);
        AtOnce.Throws<HubStoppedException>(() => greenlet.StartLater(TimeSpan.FromSeconds(1)));
        AtOnce.Throws<HubDeadlockException>(() => greenlet.Get());
        AtOnce.Throws<HubStoppedException>(() => { lane.Bridge.RunAsync(() => { }); });
        AtOnce.Throws<HubStoppedException>(lane.Bridge.AsyncToSync(() => Task.CompletedTask));
        AtOnce.Throws<HubStoppedException>(() => lane.Hub.Spawn(() => { }));
        AtOnce.Throws<HubStoppedException>(lane.Hub.Start);
        Assert.False(lane.Bridge.AsTask(greenlet, new GreenletToTaskOptions { AutoStartGreenlet = false }).IsCompleted);
        Assert.True(greenlet.Kill());
    }

    [Theory, Loops]
    public async Task ContradictoryOptions_OfAConversion_ThrowAtOnce(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Create(() => 1);
        var never = new GreenletToTaskOptions { AutoKillGreenlet = false, Completion = GreenletCompletion.AfterExit };
        var nobody = new GreenletToTaskOptions { AutoStartGreenlet = false };
        var unknown = new GreenletToTaskOptions { Completion = (GreenletCompletion)7 };

        AtOnce.Throws<ArgumentException>(() => { lane.Bridge.AsTask(greenlet, never); });
        AtOnce.Throws<ArgumentException>(() => { lane.Bridge.AsTask((Greenlet)greenlet, never); });
        AtOnce.Throws<ArgumentOutOfRangeException>(() => { lane.Bridge.AsTask(greenlet, unknown); });
        AtOnce.Throws<ArgumentException>(() => lane.Bridge.SyncToAsync(() => { }, never));
        AtOnce.Throws<ArgumentException>(() => lane.Bridge.SyncToAsync(() => { }, nobody));
        AtOnce.Throws<ArgumentException>(() => lane.Bridge.SyncToAsync((int a) => a, nobody));
        AtOnce.Throws<ArgumentException>(() => { lane.Bridge.RunBlocking(() => { }, nobody, default); });
        AtOnce.Throws<ArgumentException>(() => { lane.Bridge.RunBlocking(() => 1, nobody, default); });
        Assert.Equal(GreenletStatus.Created, greenlet.Status);
    }
}
