using BenchmarkDotNet.Attributes;

namespace GreenletBridge.Benchmarks.Micro;

/// <summary>A hub of its own for each class of benchmarks.</summary>
[MemoryDiagnoser]
public abstract class HubBenchmark
{
    /// <summary>The hub.</summary>
    protected Hub Hub { get; private set; } = null!;

    /// <summary>Starts it.</summary>
    [GlobalSetup]
    public void Start()
    {
        Hub = new Hub(new HubOptions { Name = "micro" });
        Hub.Start();
        Prepare();
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public void End() => Hub.Dispose();

    /// <summary>Before the first run.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Runs so many operations on a greenlet of blocking code.</summary>
    protected void OnGreenlet(Action body) => Hub.Bridge.RunAsync(body).GetAwaiter().GetResult();

    /// <summary>Runs so many operations on a greenlet of async code.</summary>
    protected void OnGreenlet(Func<Task> body) => Hub.Bridge.RunAsync(body).GetAwaiter().GetResult();
}
