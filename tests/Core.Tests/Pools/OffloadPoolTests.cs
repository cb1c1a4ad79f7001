using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Pools;

/// <summary>An offload pool that gets no threads; what it promises otherwise is the toolbox's suite.</summary>
public sealed class OffloadPoolTests
{
    [Fact]
    public async Task Run_TwoCallsCountOnEachOthersThreadAndNeitherStarts_BothFailAndTheNextIsServed()
    {
        using var pool = new OffloadPool(2);
        using var bothAsk = new CountdownEvent(2);
        pool.StartThread = _ =>
        {
            bothAsk.Signal();
            Deadline.Wait(bothAsk, "both calls to ask for a thread");
            throw NoThread();
        };

        // A call may fail before the thread that makes it has its Task
        var calls = Enumerable.Range(0, 2).Select(i => Task.Factory.StartNew(() => pool.RunAsync(() => i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToList();

        foreach (var call in calls)
            Assert.IsType<OutOfMemoryException>((await Assert.ThrowsAsync<InvalidOperationException>(() => Deadline.For(call, "the failure", () => $"{pool.Queued} queued"))).InnerException);
        Assert.Equal((0, 0), (pool.ThreadCount, pool.Queued));
        pool.StartThread = static thread => thread.UnsafeStart();
        Assert.Equal(7, await Deadline.For(pool.RunAsync(static () => 7), "the next call"));
    }

    [Fact]
    public async Task Run_ASecondThreadCannotBeStarted_WaitsForTheFirst()
    {
        using var pool = new OffloadPool(2);
        using var gate = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var first = pool.RunAsync(() =>
        {
            begun.Set();
            gate.Wait();
        });
        Deadline.Wait(begun, "the first call");
        pool.StartThread = static _ => throw NoThread();

        var second = pool.RunAsync(static () => 2);
        Assert.Equal((1, 1, false), (pool.ThreadCount, pool.Queued, second.IsCompleted));
        gate.Set();

        await Deadline.For(first, "the first call's end");
        Assert.Equal(2, await Deadline.For(second, "the second call, on the first one's thread"));
    }

#pragma warning disable CA2201 // What the runtime throws when the system gives no thread
    private static OutOfMemoryException NoThread() => new("No thread, says the test.");
#pragma warning restore CA2201
}
