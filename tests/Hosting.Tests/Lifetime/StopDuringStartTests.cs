using GreenletBridge.Hosting.Tests.Diagnostics;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting.Tests.Lifetime;

/// <summary>A host that is stopped, or whose start is given up, in the middle of its start: both end, the hubs are stopped, and no thread is left.</summary>
[Collection(nameof(WholeProcess))]
public sealed class StopDuringStartTests : IDisposable
{
    private readonly RecordingLoggerProvider _logs = new();
    private readonly CancellationTokenSource _givenUp = new();
    private readonly LeakCheck _leaks = LeakCheck.Start().Watch("carriers", static () => CarrierPool.Shared.Count).Watch("busy carriers", static () => CarrierPool.Shared.Busy);

    // Idle carriers end soon: what stays is what a hub keeps
    public StopDuringStartTests() => CarrierPool.Shared.Configure(new CarrierOptions { IdleTimeout = TimeSpan.FromSeconds(1) });

    public void Dispose()
    {
        _leaks.Dispose();
        CarrierPool.Shared.Configure(new CarrierOptions());
        _givenUp.Dispose();
        _logs.Dispose();
    }

    [Theory]
    [InlineData(StartPhase.Starting)]
    [InlineData(StartPhase.Start)]
    [InlineData(StartPhase.Started)]
    public async Task Start_GivenUpWhileAServiceStarts_IsCancelledAndTheDisposalStopsTheHubs(StartPhase phase)
    {
        var step = new StartStep(phase, static token => new TaskCompletionSource().Task.WaitAsync(token));
        var host = HostWith(services => services.AddHostedService(_ => step));
        var start = host.StartAsync(_givenUp.Token);
        await Comes(step.Begun, "the service's start");

        await _givenUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Comes(start, "the end of the start"));
        await DisposeAsync(host);
    }

    [Theory]
    [InlineData(StartPhase.Starting)]
    [InlineData(StartPhase.Start)]
    [InlineData(StartPhase.Started)]
    public async Task Stop_WhileAServiceStarts_EndsTheStartAndTheHubs(StartPhase phase)
    {
        var step = new StartStep(phase, static token => new TaskCompletionSource().Task.WaitAsync(token));
        var host = HostWith(services => services.AddHostedService(_ => step));
        var start = host.StartAsync(TestContext.Current.CancellationToken);
        await Comes(step.Begun, "the service's start");

        await Comes(host.StopAsync(TestContext.Current.CancellationToken), "the stop");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Comes(start, "the end of the start"));
        AssertStopped(host);
        await DisposeAsync(host);
    }

    [Fact]
    public async Task Stop_AServiceThatStartsWaitsForAGreenlet_TheGreenletIsKilledAndTheStartEnds()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cleanedUp = false;
        var host = HostWith(services => services.AddHostedService(provider => new StartStep(
            StartPhase.Start,
            _ => provider.GetRequiredService<IGreenletBridge>().RunAsync(
                () =>
                {
                    try
                    {
                        began.SetResult();
                        new TaskCompletionSource().Task.Wait();
                    }
                    finally
                    {
                        cleanedUp = true;
                    }
                },
                CancellationToken.None))));
        var start = host.StartAsync(TestContext.Current.CancellationToken);
        await Comes(began.Task, "the greenlet's begin");

        await Comes(host.StopAsync(TestContext.Current.CancellationToken), "the stop");

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Comes(start, "the end of the start"));
        Assert.True(cleanedUp, $"{exception}");
        AssertStopped(host);
        await DisposeAsync(host);
    }

    [Fact]
    public async Task Stop_BeforeTheHubsStart_TheStartIsCancelledAndNoHubStarts()
    {
        IHost host = null!;
        host = HostWith(services => services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(
            new StartStep(StartPhase.Starting, _ => host.StopAsync(TestContext.Current.CancellationToken)))));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Comes(host.StartAsync(TestContext.Current.CancellationToken), "the end of the start"));

        AssertStopped(host);
        await DisposeAsync(host);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_EndedWhileAHubIsTested_DoesNotWaitForTheTest(bool byStop)
    {
        var host = HostWith();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = false;
        // Strictly exclusive, it is lent to nobody: its test of the wait hook cannot begin
        var holder = HubsOf(host).Target("legacy").Hubs[0].Spawn(() =>
        {
            held.SetResult();
            while (!Volatile.Read(ref end))
                Thread.SpinWait(1_000);
        });
        var start = host.StartAsync(_givenUp.Token);
        await Comes(held.Task, "the hub to be held");

        var stop = byStop ? host.StopAsync(TestContext.Current.CancellationToken) : _givenUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Comes(start, "the end of the start"));
        Assert.False(holder.IsReady);
        Volatile.Write(ref end, true);
        await Comes(stop, "the stop");
        await DisposeAsync(host);
    }

    private IHost HostWith(Action<IServiceCollection>? add = null) => Settings.Host(
        [
            ("GreenletBridge:DrainTimeout", "00:00:00.200"), ("GreenletBridge:Requests:Hubs", "2"), ("GreenletBridge:Hubs:legacy:StrictExclusive", "true"),
        ],
        services =>
        {
            services.AddLogging(logging => logging.AddProvider(_logs));
            add?.Invoke(services);
        });

    private Task Comes(Task task, string what) => Deadline.For(task, what, _logs.ToString);

    private async Task DisposeAsync(IHost host)
    {
        var hubs = HubsOf(host);
        await Comes(((IAsyncDisposable)host).DisposeAsync().AsTask(), "the disposal");
        Assert.All(hubs.All, AssertStopped);
        Assert.DoesNotContain(_logs.Entries, static entry => entry.Level >= LogLevel.Error && entry.Category.StartsWith("GreenletBridge", StringComparison.Ordinal));
    }

    private static void AssertStopped(IHost host) => Assert.All(HubsOf(host).All, AssertStopped);

    private static void AssertStopped(Hub hub) => Assert.Throws<HubStoppedException>(() => hub.Spawn(static () => { }));

    private static HubSet HubsOf(IHost host) => host.Services.GetRequiredService<HubSet>();
}
