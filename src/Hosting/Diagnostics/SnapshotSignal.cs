using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>Writes a snapshot of every hub to the log on SIGUSR1, if the options ask for it.</summary>
/// <remarks>Not SIGQUIT: that stops a host.</remarks>
internal sealed partial class SnapshotSignal(
    HubDirectory directory, TopBlockers blockers, CurrentSettings settings, ILogger<SnapshotSignal> logger) : IHostedService, IDisposable
{
    private static readonly HubSnapshotOptions _everything = new() { Stacks = true };
    private readonly Lock _lock = new();
    private readonly QuietLogger _log = new(logger);
    private PosixSignalRegistration? _registration;

    /// <summary>The signal's number, which differs by system; null where there is none.</summary>
    public static int? Number => OperatingSystem.IsWindows() ? null : OperatingSystem.IsLinux() ? 10 : 30;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        settings.Changed += Apply;
        Apply(this, EventArgs.Empty);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        settings.Changed -= Apply;
        Listen(false);
    }

    private void Apply(object? sender, EventArgs change) => Listen(settings.Value.Diagnostics.DumpOnSignal);

    private void Listen(bool wanted)
    {
        lock (_lock)
        {
            if (!wanted || Number is not { } number)
            {
                _registration?.Dispose();
                _registration = null;
            }
            else
            {
                _registration ??= PosixSignalRegistration.Create((PosixSignal)number, context =>
                {
                    context.Cancel = true;
                    Dump();
                });
            }
        }
    }

    private void Dump()
    {
        foreach (var hub in directory.Hubs)
        {
            Log.Snapshot(_log, hub.Name, hub.Snapshot(_everything).ToString());
        }

        foreach (var blockage in blockers.Now)
        {
            Log.Blocked(_log, blockage.Hub.Name, blockage.Greenlet.Id, LogText.Of(blockage.Key)!, BlockageText.Kind(blockage), blockage.Duration);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Snapshot of hub {Hub}: {Snapshot}", EventName = "HubSnapshot")]
        public static partial void Snapshot(ILogger logger, string hub, string snapshot);

        [LoggerMessage(2, LogLevel.Information, "Hub {Hub} is held by greenlet {Id} ({Work}), {Kind}, for {Duration} so far.", EventName = "HubHeld")]
        public static partial void Blocked(ILogger logger, string hub, long id, string work, string kind, TimeSpan duration);
    }
}
