using GreenletBridge.Core.Toolbox.Synchronization;

namespace GreenletBridge.Core.Toolbox;

/// <summary>Waiting for whatever is ready first.</summary>
public sealed class WaitAnyTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    public static TheoryData<HubLoop, BodyKind, int> Kinds()
    {
        var data = new TheoryData<HubLoop, BodyKind, int>();
        foreach (var loop in Enum.GetValues<HubLoop>())
        {
            foreach (var body in Enum.GetValues<BodyKind>())
            {
                for (var i = 0; i < 5; i++)
                    data.Add(loop, body, i);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task WaitAny_OfEveryKind_GivesTheOneThatIsReady_AndTakesNothing(HubLoop loop, BodyKind body, int which)
    {
        await using var lane = new HubUnderTest(loop);
        var gate = new TaskCompletionSource();
        var greenlet = lane.Hub.Spawn(() => gate.Task);
        var happened = new GreenletEvent();
        var semaphore = new GreenletSemaphore(0);
        var result = new AsyncResult<int>();
        var source = new TaskCompletionSource();
        IGreenletWaitable[] all = [greenlet, happened, semaphore, result, source.Task.AsWaitable()];
        var waiter = lane.Spawn<IGreenletWaitable?>(body, async _ => body == BodyKind.Async ? await Greenlet.WaitAnyAsync(all) : Greenlet.WaitAny(all));
        await lane.Until(() => waiter.Status == GreenletStatus.Waiting, "it waits");
        Action[] makeReady = [gate.SetResult, happened.Set, () => semaphore.Release(), () => result.Set(3), source.SetResult];
        makeReady[which]();

        Assert.Same(all[which], await lane.For(lane.Bridge.AsTask(waiter), "the one that is ready"));
        Assert.Equal(which == 2 ? 1 : 0, semaphore.Count);
        gate.TrySetResult();
        semaphore.Release();
        Assert.True(semaphore.TryAcquire());
    }

    [Theory, Loops]
    public async Task WaitAny_OneIsReadyAlready_IsGivenAtOnce_TheFirstInTheList(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var one = new GreenletEvent();
        var two = new GreenletEvent();
        two.Set();
        Assert.Same(two, Greenlet.WaitAny([one, two]));
        one.Set();
        Assert.Same(one, Greenlet.WaitAny([one, two], TimeSpan.Zero));
    }

    [Theory, LoopsAndBodies]
    public async Task WaitAny_TimeIsUp_GivesNull_AndLeavesNoTrace(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Async);
        var semaphore = new GreenletSemaphore(0);
        var waiter = lane.Spawn<IGreenletWaitable?>(body, async _ =>
            body == BodyKind.Async ? await Greenlet.WaitAnyAsync([never, semaphore], _second) : Greenlet.WaitAny([never, semaphore], _second));
        await lane.Until(() => waiter.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);

        Assert.Null(await lane.For(lane.Bridge.AsTask(waiter), "the end"));
        Assert.Equal(0, never.ContinuationCount());
    }

    [Theory, LoopsAndBodies]
    public async Task WaitAny_Killed_LeavesNoTrace(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Async);
        var waiter = lane.Spawn<IGreenletWaitable?>(body, async _ => body == BodyKind.Async ? await Greenlet.WaitAnyAsync([never]) : Greenlet.WaitAny([never]));
        await lane.Until(() => waiter.Status == GreenletStatus.Waiting, "it waits");
        waiter.Kill();

        await lane.Ended(waiter);
        Assert.Equal(GreenletStatus.Killed, waiter.Status);
        Assert.Equal(0, never.ContinuationCount());
    }

    [Theory, LoopsAndBodies]
    public async Task WaitEach_GivesThemAsTheyBecomeReady(HubLoop loop, BodyKind body)
    {
        await using var lane = new HubUnderTest(loop);
        GreenletEvent[] events = [new(), new(), new()];
        var log = new List<int>();
        var waiter = lane.Spawn(body, async _ =>
        {
            if (body == BodyKind.Async)
            {
                await foreach (var item in Greenlet.WaitEachAsync(events))
                    log.Add(Array.IndexOf(events, item));
            }
            else
            {
                foreach (var item in Greenlet.WaitEach(events))
                    log.Add(Array.IndexOf(events, item));
            }
        });
        foreach (var i in (int[])[2, 0, 1])
        {
            await lane.Until(() => waiter.Status == GreenletStatus.Waiting, "it waits");
            var before = log.Count;
            events[i].Set();
            await lane.Until(() => log.Count > before, "it is given");
        }

        await lane.For(lane.Bridge.AsTask(waiter), "the end");
        Assert.Equal([2, 0, 1], log);
    }

    [Theory, Loops]
    public async Task WaitEach_LimitIsForAllTogether_ThenTheSequenceEnds(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var one = lane.Hub.Spawn(static () => Greenlet.Sleep(TimeSpan.FromSeconds(1)));
        var never = await lane.SpawnWaiting(BodyKind.Async);
        await lane.Until(() => one.Status == GreenletStatus.Waiting, "the sleeper sleeps");
        var waiter = lane.Hub.Spawn(() => Greenlet.WaitEach([never, one], _second * 1.5).ToList());
        await lane.Until(() => waiter.Status == GreenletStatus.Waiting, "it waits");
        lane.Time.Advance(_second);
        await lane.Settle();
        await lane.Until(() => waiter.Status == GreenletStatus.Waiting, "it waits again");
        lane.Time.Advance(_second / 2);

        Assert.Equal([one], await lane.For(lane.Bridge.AsTask(waiter), "the list"));
        Assert.Equal(0, never.ContinuationCount());
    }

    [Theory, Loops]
    public async Task WaitEach_LeftEarly_OrCounted_ForgetsTheOthers(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Async);
        var happened = new GreenletEvent();
        happened.Set();
        foreach (var item in Greenlet.WaitEach([never, happened]))
        {
            Assert.Same(happened, item);
            Assert.Equal(1, never.ContinuationCount());
            break;
        }

        Assert.Equal(0, never.ContinuationCount());
        Assert.Equal([happened], Greenlet.WaitEach([never, happened], count: 1));
        Assert.Equal(0, never.ContinuationCount());
        Assert.Empty(Greenlet.WaitEach([]));
        Assert.Empty(Greenlet.WaitEach([never], TimeSpan.Zero));
    }

    [Theory, Loops]
    public async Task WaitEachAsync_LeftEarly_OrCounted_ForgetsTheOthers(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var never = await lane.SpawnWaiting(BodyKind.Async);
        var happened = new GreenletEvent();
        happened.Set();
        await foreach (var item in Greenlet.WaitEachAsync([never, happened]))
        {
            Assert.Same(happened, item);
            Assert.Equal(1, never.ContinuationCount());
            break;
        }

        Assert.Equal(0, never.ContinuationCount());
        Assert.Equal([happened], await All(Greenlet.WaitEachAsync([never, happened], count: 1)));
        Assert.Equal(0, never.ContinuationCount());
        Assert.Equal([happened], await All(Greenlet.WaitEachAsync([happened], count: 5)));
        Assert.Empty(await All(Greenlet.WaitEachAsync([])));
        Assert.Empty(await All(Greenlet.WaitEachAsync([never], TimeSpan.Zero)));

        static async Task<List<IGreenletWaitable>> All(IAsyncEnumerable<IGreenletWaitable> items)
        {
            var all = new List<IGreenletWaitable>();
            await foreach (var item in items)
                all.Add(item);
            return all;
        }
    }

    [Theory, Loops]
    public async Task WaitEach_AfterItsEnd_HasNoMore(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var happened = new GreenletEvent();
        happened.Set();
        using var each = Greenlet.WaitEach([happened]).GetEnumerator();

        Assert.True(each.MoveNext());
        Assert.False(each.MoveNext());
        Assert.False(each.MoveNext());
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public async Task WaitEach_OfMany_TheSnapshotNamesTheFirstFive(int count, bool isCut)
    {
        await using var lane = new HubUnderTest(HubLoop.Threads);
        var events = Enumerable.Range(0, count).Select(static _ => new GreenletEvent()).ToArray();
        var waiter = await lane.SpawnWaiting<IGreenletWaitable>(BodyKind.Blocking, _ => new ValueTask<IGreenletWaitable>(Greenlet.WaitEach(events).First()));

        var text = Assert.Single(lane.Hub.Snapshot().Greenlets).WaitingFor!;

        Assert.StartsWith($"one of {count}: ", text, StringComparison.Ordinal);
        Assert.Equal(isCut, text.EndsWith(", ...", StringComparison.Ordinal));
        Assert.Equal(isCut ? 5 : 4, text.Count(static c => c == ','));
        events[^1].Set();
        Assert.Same(events[^1], await lane.ValueOf(waiter));
    }

    [Theory, Loops]
    public async Task WaitAny_ForItselfAlone_SaysThatItNeverEnds(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var greenlet = lane.Hub.Spawn(static () => AtOnce.Throws<HubDeadlockException>(static () => Greenlet.WaitAny([Greenlet.Current!])).Message);

        Assert.Contains("waits for itself", await lane.For(lane.Bridge.AsTask(greenlet), "the error"), StringComparison.Ordinal);
        Assert.Contains("was never started", AtOnce.Throws<HubDeadlockException>(() => Greenlet.WaitAny([lane.Hub.Create(static () => { })])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AsWaitable_OfOneTask_IsEqual()
    {
        var task = new TaskCompletionSource().Task;
        IGreenletWaitable one = task.AsWaitable(), again = task.AsWaitable(), other = new TaskCompletionSource().Task.AsWaitable();

        Assert.Equal(one, again);
        Assert.Equal(one.GetHashCode(), again.GetHashCode());
        Assert.NotEqual(one, other);
        Assert.False(one.Equals(task));
        Assert.False(one.Equals(null));
    }

    [Theory, Loops]
    public async Task BadInput_IsTheDocumentedError(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        var happened = new GreenletEvent();
        AtOnce.Throws<ArgumentNullException>(() => Greenlet.WaitAny(null!));
        AtOnce.Throws<ArgumentException>(() => Greenlet.WaitAny([]));
        AtOnce.Throws<ArgumentException>(() => Greenlet.WaitAny([happened, null!]));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => Greenlet.WaitAny([happened], TimeSpan.FromSeconds(-2)));
        AtOnce.Throws<ArgumentOutOfRangeException>(() => Greenlet.WaitEach([happened], count: -1));
        AtOnce.Throws<ArgumentNullException>(() => ((Task)null!).AsWaitable());
        AtOnce.Throws<HubDeadlockException>(() => Greenlet.WaitAny([lane.Hub.Create(static () => { })]));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        AtOnce.Throws<OperationCanceledException>(() => Greenlet.WaitAny([happened], cancellationToken: cancelled.Token));
    }

    [Theory, Loops]
    public async Task WaitAny_GivesAGreenletThatHadFailed_ItsFailureCountsAsSeen(HubLoop loop)
    {
        await using var lane = new HubUnderTest(loop);
        Greenlet[] failed = [.. Enumerable.Range(0, 3).Select(_ => lane.Hub.Spawn(static () => throw new InvalidTimeZoneException("The test's own.")))];
        foreach (var greenlet in failed)
            await lane.Until(() => greenlet.IsReady, "it fails");

        Assert.Same(failed[0], Greenlet.WaitAny([failed[0], new GreenletEvent()]));
        Assert.Same(failed[1], await Greenlet.WaitAnyAsync([new GreenletEvent(), failed[1]]));

        // Who looks away from them is told of the third alone.
        await lane.Settle();
        lane.Time.Advance(TimeSpan.FromSeconds(1));
        await lane.Until(() => !lane.Listener.Faults.IsEmpty, "the report");
        await lane.Settle();
        Assert.Same(failed[2], Assert.Single(lane.Listener.Faults).Greenlet);
    }
}
