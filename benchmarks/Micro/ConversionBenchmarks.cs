using BenchmarkDotNet.Attributes;

namespace GreenletBridge.Benchmarks.Micro;

/// <summary>The four conversions.</summary>
public class ConversionBenchmarks : HubBenchmark
{
    private const int Many = 10_000;
    private const int Few = 1_000;
    private Func<Task> _convert = null!;
    private Func<CancellationToken, Task> _convertWithToken = null!;
    private Action _completed = null!;
    private Action _yields = null!;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _convert = Hub.Bridge.SyncToAsync(static () => { });
        _convertWithToken = Hub.Bridge.SyncToAsync(static _ => { });
        _completed = Hub.Bridge.AsyncToSync(static () => Task.CompletedTask);
        _yields = Hub.Bridge.AsyncToSync(static async () => await Greenlet.YieldAsync());
    }

    /// <summary>A short function: it runs on the thread that calls it.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public async Task SyncToAsync()
    {
        for (var i = 0; i < Many; i++)
            await _convert();
    }

    /// <summary>With a token it goes to the hub and back.</summary>
    [Benchmark(OperationsPerInvoke = Few)]
    public async Task SyncToAsyncOnTheHub()
    {
        using var source = new CancellationTokenSource();
        for (var i = 0; i < Few; i++)
            await _convertWithToken(source.Token);
    }

    /// <summary>On a greenlet, of a method that has completed.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void AsyncToSyncCompleted() => OnGreenlet(() =>
    {
        for (var i = 0; i < Many; i++)
            _completed();
    });

    /// <summary>On a greenlet, of a method that takes a turn: its continuation runs on another carrier.</summary>
    [Benchmark(OperationsPerInvoke = Few)]
    public void AsyncToSyncYielding() => OnGreenlet(() =>
    {
        for (var i = 0; i < Few; i++)
            _yields();
    });

    /// <summary>A greenlet as a Task, and a Task as a greenlet.</summary>
    [Benchmark(OperationsPerInvoke = Many)]
    public void ThereAndBack() => OnGreenlet(async () =>
    {
        for (var i = 0; i < Many; i++)
        {
            var greenlet = Hub.Bridge.AsGreenlet(Task.CompletedTask);
            greenlet.Start();
            await Hub.Bridge.AsTask(greenlet);
        }
    });
}
