using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>Starts the hubs before the server accepts, and closes them after it has drained.</summary>
/// <remarks>
/// <c>ApplicationStopping</c> starts the drain. Nothing is refused during it: the server drains its own requests, and requests it
/// has accepted may still have to begin. At its end what runs is killed, which lets the server finish within its own deadline.
/// </remarks>
internal sealed partial class HubLifetimeService(
    HubSet hubs,
    IHostApplicationLifetime application,
    CurrentSettings settings,
    ILogger<HubLifetimeService> logger,
    TimeProvider? time = null) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan _selfTestDeadline = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly QuietLogger _log = new(logger);
    private CancellationTokenRegistration _stopping;
    private ITimer? _drain;
    private long _drainStarted;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // The host may have been stopped by what starts before: hubs that were stopped do not start
        cancellationToken.ThrowIfCancellationRequested();
        hubs.Start();
        _stopping = application.ApplicationStopping.UnsafeRegister(static state => ((HubLifetimeService)state!).BeginDrain(), this);

        var tested = await Task.WhenAll(hubs.All.Select(async hub => (hub.Name, Passed: await HookSelfTest.PassesAsync(hub, _selfTestDeadline, cancellationToken))));
        hubs.Unhooked = [.. tested.Where(test => !test.Passed).Select(test => test.Name)];
        foreach (var name in hubs.Unhooked)
        {
            Log.HookNotCalled(_log, name);
        }
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.DisposeAsync();
        if (_drain is not null)
        {
            await _drain.DisposeAsync();
        }

        try
        {
            await hubs.StopAsync(Remaining()).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host's own time is over while those that were killed last still have some. Its disposal waits for that, and
            // an exception would make an error of the process's end.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _drain?.Dispose();
    }

    private void BeginDrain()
    {
        _drainStarted = _time.GetTimestamp();
        _drain = _time.CreateTimer(static state => ((HubLifetimeService)state!).EndDrain(), this, settings.Value.DrainTimeout, Timeout.InfiniteTimeSpan);
    }

    private void EndDrain()
    {
        Log.DrainTimedOut(_log, settings.Value.DrainTimeout);
        _ = hubs.StopAsync(TimeSpan.Zero);
    }

    private TimeSpan Remaining()
    {
        var total = settings.Value.DrainTimeout;
        var left = _drain is null ? total : total - _time.GetElapsedTime(_drainStarted);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "The wait hook was not called on hub {Hub}: a blocking handler holds its hub. Health is unhealthy.", EventName = "HookNotCalled")]
        public static partial void HookNotCalled(ILogger logger, string hub);

        [LoggerMessage(2, LogLevel.Warning, "Greenlets still run {DrainTimeout} after the application began to stop; they are killed.", EventName = "DrainTimedOut")]
        public static partial void DrainTimedOut(ILogger logger, TimeSpan drainTimeout);
    }
}
