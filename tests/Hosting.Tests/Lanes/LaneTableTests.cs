using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Lanes;

public sealed class LaneTableTests
{
    private readonly LaneTable _lanes = new();

    [Fact]
    public async Task EnterAsync_SameKey_GoesOnInTheOrderOfArrival()
    {
        var first = Enter("a");
        var waiting = Enumerable.Range(0, 20).Select(_ => WaitFor("a")).ToList();

        var lane = first;
        foreach (var next in waiting)
        {
            Assert.False(next.IsCompleted);
            lane.Dispose();
            lane = Assert.IsType<Lane>(await Deadline.For(next, "the next turn"));
        }

        lane.Dispose();
        Assert.Equal(0, _lanes.Count);
    }

    [Fact]
    public void EnterAsync_AnotherKey_DoesNotWait()
    {
        using var a = Enter("a");
        using var b = Enter("A");

        Assert.Equal(2, _lanes.Count);
    }

    [Fact]
    public void Leave_NobodyWaits_DropsTheLane()
    {
        for (var i = 0; i < 100; i++)
        {
            Enter($"session {i}").Dispose();
        }

        Assert.Equal(0, _lanes.Count);
    }

    [Fact]
    public async Task EnterAsync_TokenCancelled_GivesUpItsPlaceAndTheNextMovesUp()
    {
        using var gone = new CancellationTokenSource();
        var first = Enter("a");
        var leaves = WaitFor("a", token: gone.Token);
        var stays = WaitFor("a");

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.For(leaves, "the cancelled wait"));
        first.Dispose();
        (await Deadline.For(stays, "the one behind"))!.Dispose();
        Assert.Equal(0, _lanes.Count);
    }

    [Fact]
    public async Task EnterAsync_TokenCancelledBefore_TakesNoPlace()
    {
        var first = Enter("a");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor("a", token: new CancellationToken(canceled: true)));

        first.Dispose();
        Assert.Equal(0, _lanes.Count);
    }

    [Fact]
    public async Task EnterAsync_QueueFull_GivesNull()
    {
        var first = Enter("a");
        var waits = WaitFor("a", queueLimit: 1);

        Assert.Null(await WaitFor("a", queueLimit: 1));

        first.Dispose();
        (await Deadline.For(waits, "the one that waits"))!.Dispose();
    }

    [Fact]
    public async Task EnterAsync_ManyThreadsThatComeAndGiveUp_NeverTwoInALaneAndNoneLeft()
    {
        var inside = new int[8];
        var together = 0;
        var workers = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 2_000; i++)
            {
                var key = random.Next(inside.Length);
                using var gone = new CancellationTokenSource();
                var entering = _lanes.EnterAsync($"{key}", 1_000, gone.Token).AsTask();
                if (random.Next(3) == 0)
                    await gone.CancelAsync();
                try
                {
                    using var lane = await entering;
                    if (Interlocked.Increment(ref inside[key]) != 1)
                        Interlocked.Increment(ref together);
                    Thread.SpinWait(20);
                    Interlocked.Decrement(ref inside[key]);
                }
                catch (OperationCanceledException)
                {
                    // Gave up in the queue
                }
            }
        }));

        await Deadline.For(Task.WhenAll(workers), "all visits", () => $"{_lanes.Count} lanes");

        Assert.Equal(0, together);
        Assert.Equal(0, _lanes.Count);
    }

    private Lane Enter(string key)
    {
        var entering = WaitFor(key);
        Assert.True(entering.IsCompletedSuccessfully);
        return entering.Result!;
    }

    private Task<Lane?> WaitFor(string key, int queueLimit = 100, CancellationToken token = default) => _lanes.EnterAsync(key, queueLimit, token).AsTask();
}
