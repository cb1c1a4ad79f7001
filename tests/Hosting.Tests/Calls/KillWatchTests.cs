using GreenletBridge.Hosting.Tests.Diagnostics;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Calls;

/// <summary>A call that resists its kill is reported, and its connection given up, once: when it has had its time by the finer clock.</summary>
public sealed class KillWatchTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);
    private readonly EarlyTimeProvider _time = new();
    private int _aborts;

    [Theory]
    [InlineData("Once")]
    [InlineData("EveryWait")]
    public async Task Start_TheTimerComesEarly_IsReportedWhenTheTimeIsUp(string persistence)
    {
        await using var host = await StartAsync(persistence);
        var gate = new TaskCompletionSource();
        var (watch, resister) = Watch(host, gate.Task);

        _time.Lag = TimeSpan.FromMilliseconds(5);
        _time.Advance(_timeout);

        Assert.Empty(host.Logs.Named("ResistsKill"));
        Assert.Equal(0, _aborts);
        // By the finer clock 5 ms are left. What comes again anyway comes at its next time
        _time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Equal(0, _aborts);
        _time.Advance(persistence == "Once" ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(96));
        var report = Assert.Single(host.Logs.Named("ResistsKill"));
        Assert.Equal("GET /stubborn", report["Name"]);
        Assert.True((TimeSpan)report["Elapsed"]! >= _timeout);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _aborts);

        gate.SetResult();
        await Deadline.Until(() => resister.IsReady, "its end");
        watch.End();
        Assert.Single(host.Logs.Named("ResistedKillEnded"));
        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public async Task Start_TheTimerComesEarlyAndTheCallEndsMeanwhile_NothingIsReported()
    {
        await using var host = await StartAsync("Once");
        var gate = new TaskCompletionSource();
        var (watch, resister) = Watch(host, gate.Task);
        _time.Lag = TimeSpan.FromMilliseconds(5);
        _time.Advance(_timeout);

        gate.SetResult();
        await Deadline.Until(() => resister.IsReady, "its end");
        watch.End();
        _time.Advance(_timeout);

        Assert.Empty(host.Logs.Named("ResistsKill"));
        Assert.Equal(0, _aborts);
        Assert.Equal(0, _time.TimerCount);
    }

    [Theory]
    [InlineData("ResistsKill", 1)]
    [InlineData("ResistedKillEnded", 0)]
    public async Task Report_TheSinkFails_TheConnectionIsAbortedAndTheWatchEnds(string eventName, int tick)
    {
        using var sink = new ThrowingProvider(eventName);
        await using var host = await StartAsync("EveryWait", services => services.AddLogging(logging => logging.AddProvider(sink)));
        var gate = new TaskCompletionSource();
        var (watch, resister) = Watch(host, gate.Task);

        // On the clock's thread, where an exception would end the process
        _time.Advance(_timeout);
        Assert.Equal((tick, 1), (sink.Calls, _aborts));

        gate.SetResult();
        await Deadline.Until(() => resister.IsReady, "its end");
        watch.End();
        Assert.Equal(1, sink.Calls);
        Assert.Equal(0, _time.TimerCount);
    }

    private static Task<ObservedHost> StartAsync(string persistence, Action<IServiceCollection>? services = null) => ObservedHost.StartAsync(
        services, ("GreenletBridge:Requests:KillTimeout", _timeout.ToString()), ("GreenletBridge:Requests:KillPersistence", persistence));

    private (KillWatch Watch, Greenlet Resister) Watch(ObservedHost host, Task gate)
    {
        var resister = host.Hubs.All.First().Spawn(() =>
        {
            using (Greenlet.Shield())
                Greenlet.Await(gate);
        });
        Deadline.Wait(() => resister.Status == GreenletStatus.Waiting, "it to wait");
        resister.Kill();
        var policy = ActivatorUtilities.CreateInstance<CallPolicy>(host.Services, (TimeProvider)_time);
        var watch = new KillWatch(policy, resister, "GET /stubborn", () => Interlocked.Increment(ref _aborts));
        watch.Start();
        return (watch, resister);
    }
}
