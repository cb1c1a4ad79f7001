using BenchmarkDotNet.Attributes;

namespace GreenletBridge.Benchmarks.Micro;

/// <summary>Starting, ending, switching.</summary>
public class GreenletBenchmarks : HubBenchmark
{
    private const int Many = 10_000;
    private const int Few = 1_000;

    /// <summary>Spawned on the hub by a greenlet, and joined.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void SpawnAndJoin() => OnGreenlet(() =>
    {
        for (var i = 0; i < Many; i++)
            Hub.Spawn(static () => { }).Join();
    });

    /// <summary>Spawned by a thread that is none of the hub's, and joined when all are spawned.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void SpawnFromOutside()
    {
        var all = new Greenlet[Many];
        for (var i = 0; i < Many; i++)
            all[i] = Hub.Spawn(static () => { });
        foreach (var greenlet in all)
            greenlet.Join();
    }

    /// <summary>A turn of async code.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void YieldAsync() => OnGreenlet(static async () =>
    {
        for (var i = 0; i < Many; i++)
            await Greenlet.YieldAsync();
    });

    /// <summary>A turn of each of two blocking bodies: two hand-overs of the baton.</summary>
    [Benchmark(OperationsPerInvoke = Few)]
    public void YieldOfTwoBlocking()
    {
        var one = Hub.Spawn(Yields);
        Yields(Hub);
        one.Join();
    }

    private static void Yields()
    {
        for (var i = 0; i < Few / 2; i++)
            Greenlet.Yield();
    }

    private static void Yields(Hub hub) => hub.Spawn(Yields).Join();
}
