using BenchmarkDotNet.Attributes;

namespace GreenletBridge.Benchmarks.Micro;

/// <summary>The primitives, without contention and with one that waits.</summary>
public class ToolboxBenchmarks : HubBenchmark
{
    private const int Many = 100_000;
    private const int Some = 10_000;

    /// <summary>Taken and released.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void Lock() => OnGreenlet(static () =>
    {
        var gate = new GreenletLock();
        for (var i = 0; i < Many; i++)
            gate.Acquire().Dispose();
    });

    /// <summary>Taken and released.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void Semaphore() => OnGreenlet(static () =>
    {
        var places = new GreenletSemaphore();
        for (var i = 0; i < Many; i++)
            places.Acquire().Dispose();
    });

    /// <summary>Put and taken, nobody waits.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void Queue() => OnGreenlet(static () =>
    {
        var queue = new GreenletQueue<int>();
        for (var i = 0; i < Many; i++)
        {
            queue.Put(i);
            queue.Get();
        }
    });

    /// <summary>Each item is waited for by async code.</summary>
    [Benchmark(OperationsPerInvoke = Some)]
    public void QueueAwaited() => OnGreenlet(async () =>
    {
        var queue = new GreenletQueue<int>();
        var taker = Hub.Spawn(async () =>
        {
            for (var i = 0; i < Some; i++)
                await queue.GetAsync();
        });
        for (var i = 0; i < Some; i++)
        {
            queue.Put(i);
            await Greenlet.YieldAsync();
        }

        await taker;
    });

    /// <summary>Started and stopped before it is due.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void Timeout() => OnGreenlet(static () =>
    {
        for (var i = 0; i < Many; i++)
            GreenletTimeout.Start(TimeSpan.FromSeconds(10)).Dispose();
    });
}
