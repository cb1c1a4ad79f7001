using GreenletBridge.TestSupport;

namespace GreenletBridge.Hosting.Tests.Limits;

public sealed class RequestLimitTests
{
    [Fact]
    public void TryEnter_WithoutALimit_IsOpenAndTakesNothing()
    {
        using var limit = new RequestLimit(null, null);

        Assert.True(limit.TryEnter(out var permit));

        Assert.Null(permit);
        Assert.True(limit.IsOpen);
        Assert.Equal(0, limit.Running);
    }

    [Fact]
    public async Task EnterAsync_PastTheLimit_GoesOnInTheOrderOfArrival()
    {
        using var limit = new RequestLimit(1, 100);
        var first = Enter(limit);
        var order = new List<int>();
        var waiting = Enumerable.Range(0, 20).Select(i => EnterAndLeaveAsync(limit, () => order.Add(i))).ToList();
        Assert.Equal(20, limit.Waiting);

        first.Dispose();
        await Deadline.For(Task.WhenAll(waiting), "20 turns");

        Assert.Equal(Enumerable.Range(0, 20), order);
        Assert.Equal((0, 0), (limit.Running, limit.Waiting));
    }

    [Fact]
    public async Task EnterAsync_QueueFull_IsRefusedAtOnce()
    {
        using var limit = new RequestLimit(1, 1);
        var permit = Enter(limit);
        var waits = limit.EnterAsync(TestContext.Current.CancellationToken).AsTask();

        var (entered, _) = await Deadline.For(limit.EnterAsync(TestContext.Current.CancellationToken).AsTask(), "the refusal");

        Assert.False(entered);
        Assert.False(waits.IsCompleted);
        permit.Dispose();
        (await Deadline.For(waits, "the one that waits")).Permit!.Dispose();
    }

    [Fact]
    public async Task EnterAsync_TokenCancelled_GivesUpItsPlace()
    {
        using var limit = new RequestLimit(1, 1);
        using var gone = new CancellationTokenSource();
        var permit = Enter(limit);
        var waits = limit.EnterAsync(gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deadline.For(waits, "the cancelled wait"));
        Assert.Equal(0, limit.Waiting);
        permit.Dispose();
        Enter(limit).Dispose();
    }

    [Fact]
    public async Task Change_Raised_LetsThoseThatWaitGoOn()
    {
        using var limit = new RequestLimit(1, 10);
        var first = Enter(limit);
        var waits = Enumerable.Range(0, 3).Select(_ => limit.EnterAsync(TestContext.Current.CancellationToken).AsTask()).ToList();

        limit.Change(3, 10);

        // Three in all: the first one counts
        await Deadline.Until(() => waits.Count(wait => wait.IsCompleted) == 2, "two more");
        Assert.Equal((3, 1), (limit.Running, limit.Waiting));
        first.Dispose();
        foreach (var (_, permit) in await Deadline.For(Task.WhenAll(waits), "the last one"))
        {
            permit!.Dispose();
        }

        Assert.Equal(0, limit.Running);
    }

    [Fact]
    public void Change_Lowered_WaitsUntilEnoughHaveEnded()
    {
        using var limit = new RequestLimit(4, 10);
        var permits = Enumerable.Range(0, 4).Select(_ => Enter(limit)).ToList();

        limit.Change(2, 10);

        Assert.Equal(4, limit.Running);
        AssertFull(limit);
        permits[0].Dispose();
        AssertFull(limit);
        permits[1].Dispose();
        AssertFull(limit);
        permits[2].Dispose();
        var fresh = Enter(limit);
        AssertFull(limit);
        permits[3].Dispose();
        Enter(limit).Dispose();
        fresh.Dispose();
        Assert.Equal(0, limit.Running);
    }

    [Fact]
    public void Change_TakenAwayAndSetAgain_StillCountsThoseThatRun()
    {
        using var limit = new RequestLimit(1, 10);
        var permit = Enter(limit);

        limit.Change(null, null);
        Assert.True(limit.TryEnter(out var none));
        Assert.Null(none);
        limit.Change(1, 10);

        AssertFull(limit);
        permit.Dispose();
        Enter(limit).Dispose();
    }

    [Fact]
    public async Task Change_OverAndOverUnderLoad_NeverExceedsTheHighestLimitAndLosesNobody()
    {
        using var limit = new RequestLimit(3, 10_000);
        var running = 0;
        var most = 0;
        using var changing = new CancellationTokenSource();
        var changer = Task.Run(() =>
        {
            for (var i = 0; !changing.IsCancellationRequested; i++)
            {
                limit.Change((i % 3) + 1, 10_000);
            }
        }, TestContext.Current.CancellationToken);

        var requests = Enumerable.Range(0, 2_000).Select(_ => Task.Run(() => EnterAndLeaveAsync(limit, () =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            Thread.SpinWait(50);
            Interlocked.Decrement(ref running);
        })));
        await Deadline.For(Task.WhenAll(requests), "2,000 requests", () => $"running {limit.Running}, waiting {limit.Waiting}");
        await changing.CancelAsync();
        await Deadline.For(changer, "the changes");

        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (limit.Running, limit.Waiting));
    }

    [Fact]
    public void RetryAfter_OfShortRequests_IsTheLeast()
    {
        using var limit = new RequestLimit(4, 10);
        Enter(limit).Dispose();

        Assert.Equal(TimeSpan.FromSeconds(1), limit.RetryAfter);
    }

    private static RequestPermit Enter(RequestLimit limit)
    {
        Assert.True(limit.TryEnter(out var permit));
        return Assert.IsType<RequestPermit>(permit);
    }

    private static void AssertFull(RequestLimit limit) => Assert.False(limit.TryEnter(out _));

    private static async Task EnterAndLeaveAsync(RequestLimit limit, Action body)
    {
        var (entered, permit) = await limit.EnterAsync(CancellationToken.None);
        Assert.True(entered);
        body();
        permit!.Dispose();
    }

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
