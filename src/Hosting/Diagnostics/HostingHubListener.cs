using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>Turns what hubs report into logs.</summary>
/// <remarks>
/// Hubs report on the thread that holds them, where nothing may wait, and a log sink may take a lock: each entry is written on the
/// thread pool, in order.
/// </remarks>
internal sealed partial class HostingHubListener(ILogger<HostingHubListener> logger) : HubListener
{
    private readonly OffHubQueue _queue = new(dropped => Log.Dropped(logger, dropped));
    private readonly ConcurrentDictionary<string, bool> _offloaded = new();

    /// <summary>Writes what has been reported so far.</summary>
    public void Flush() => _queue.Execute();

    public override void OnGreenletFaulted(Greenlet greenlet, Exception exception) =>
        Write(greenlet, () => Log.GreenletFaulted(logger, exception, greenlet.Id, LogText.Of(greenlet.Name), greenlet.Hub?.Name));

    public override void OnUnhandledException(Greenlet greenlet, Exception exception) =>
        Write(greenlet, () => Log.UnhandledException(logger, exception, greenlet.Id, LogText.Of(greenlet.Name), greenlet.Hub?.Name));

    public override void OnCarrierStartFailed(Hub hub, Exception exception) =>
        _queue.Post(() => Log.CarrierStartFailed(logger, exception, hub.Name));

    public override void OnHubStopping(Hub hub, int running) =>
        _queue.Post(() => Log.HubStopping(logger, hub.Name, running));

    public override void OnGreenletKilledAtStop(Greenlet greenlet) =>
        Write(greenlet, () => Log.GreenletKilledAtStop(logger, greenlet.Id, LogText.Of(greenlet.Name), greenlet.Hub?.Name));

    public override void OnHubStopped(Hub hub, int leftBehind) => _queue.Post(() =>
    {
        if (leftBehind == 0)
        {
            Log.HubStopped(logger, hub.Name);
        }
        else
        {
            Log.GreenletsLeftBehind(logger, hub.Name, leftBehind, LeftBehindText.Of(hub.Snapshot(), leftBehind));
        }
    });

    public override void OnWatchLimited(Hub hub) => _queue.Post(() => Log.WatchLimited(logger, hub.Name));

    // Each hub tells of it; once is enough
    public override void OnOffloaded(Hub hub, string what)
    {
        if (_offloaded.TryAdd(what, true))
        {
            _queue.Post(() => Log.Offloaded(logger, what, hub.Name));
        }
    }

    // A hub that goes on without its blocker has lost nothing but a thread; one that is held up is worth a line before the end comes
    public override void OnBlockageDetected(Blockage blockage) => _queue.Post(() =>
    {
        var level = blockage.IsHandedOff ? LogLevel.Debug : LogLevel.Warning;
        if (!logger.IsEnabled(level))
            return;
        var (work, kind) = (LogText.Of(blockage.Key)!, BlockageText.Kind(blockage));
        using var scope = Scope(blockage.Greenlet, work);
        Log.BlockageDetected(logger, level, blockage.Hub.Name, blockage.Greenlet.Id, work, kind, blockage.Duration);
    });

    public override void OnBlockageEnded(Blockage blockage) => _queue.Post(() =>
    {
        var level = !blockage.IsHandedOff ? LogLevel.Warning
            : blockage.Duration >= blockage.Hub.MaxBlockingTime ? LogLevel.Information
            : LogLevel.Debug;
        if (!logger.IsEnabled(level))
            return;
        var (work, kind, place) = (LogText.Of(blockage.Key)!, BlockageText.Kind(blockage), BlockageText.Place(blockage));
        using var scope = Scope(blockage.Greenlet, work);
        Log.BlockageEnded(logger, level, blockage.Hub.Name, blockage.Greenlet.Id, work, kind, blockage.Duration, blockage.IsHandedOff, place);
    });

    private void Write(Greenlet greenlet, Action write) => _queue.Post(() =>
    {
        using var scope = Scope(greenlet, greenlet.Name);
        write();
    });

    private IDisposable? Scope(Greenlet greenlet, string? work) => logger.BeginScope(new GreenletLogScope(greenlet, LogText.Of(work ?? greenlet.Name) ?? ""));

    private static partial class Log
    {
        [LoggerMessage(12, LogLevel.Warning, "{Count} log entries of hubs were dropped: the log is slower than what hubs report.", EventName = "HubEntriesDropped")]
        public static partial void Dropped(ILogger logger, int count);

        [LoggerMessage(1, LogLevel.Error, "Greenlet {Id} ({Name}) of hub {Hub} failed, and nobody waited for it.", EventName = "GreenletFaulted")]
        public static partial void GreenletFaulted(ILogger logger, Exception exception, long id, string? name, string? hub);

        [LoggerMessage(2, LogLevel.Error, "Hub {Hub} could not start a carrier thread.", EventName = "CarrierStartFailed")]
        public static partial void CarrierStartFailed(ILogger logger, Exception exception, string hub);

        [LoggerMessage(3, LogLevel.Debug, "Hub {Hub} stops; {Running} greenlets still run.", EventName = "HubStopping")]
        public static partial void HubStopping(ILogger logger, string hub, int running);

        [LoggerMessage(4, LogLevel.Warning, "Greenlet {Id} ({Name}) of hub {Hub} was killed because the hub stops.", EventName = "GreenletKilledAtStop")]
        public static partial void GreenletKilledAtStop(ILogger logger, long id, string? name, string? hub);

        [LoggerMessage(5, LogLevel.Debug, "Hub {Hub} has stopped.", EventName = "HubStopped")]
        public static partial void HubStopped(ILogger logger, string hub);

        [LoggerMessage(6, LogLevel.Warning, "Hub {Hub} has stopped; {LeftBehind} greenlets resisted their kill and still run: {Greenlets}.", EventName = "GreenletsLeftBehind")]
        public static partial void GreenletsLeftBehind(ILogger logger, string hub, int leftBehind, string greenlets);

        [LoggerMessage(7, LogLevel.Error, "A callback posted by greenlet {Id} ({Name}) of hub {Hub} threw.", EventName = "UnhandledException")]
        public static partial void UnhandledException(ILogger logger, Exception exception, long id, string? name, string? hub);

        [LoggerMessage(EventId = 8, Message = "Greenlet {Id} ({Work}) holds hub {Hub}, {Kind}, for {Duration} so far.", EventName = "BlockageDetected")]
        public static partial void BlockageDetected(ILogger logger, LogLevel level, string hub, long id, string work, string kind, TimeSpan duration);

        [LoggerMessage(EventId = 9, Message = "Greenlet {Id} ({Work}) held hub {Hub}, {Kind}, for {Duration} (handed off: {HandedOff}):\n{Place}", EventName = "BlockageEnded")]
        public static partial void BlockageEnded(ILogger logger, LogLevel level, string hub, long id, string work, string kind, TimeSpan duration, bool handedOff, string place);

        [LoggerMessage(10, LogLevel.Warning, "This system does not show which threads are blocked (no /proc): of what blocks unseen on hub {Hub} and the others the watchdog finds sleeps only.", EventName = "WatchLimited")]
        public static partial void WatchLimited(ILogger logger, string hub);

        [LoggerMessage(11, LogLevel.Warning, "{Library} has no asynchronous form: in greenlets, first on hub {Hub}, its calls are made on threads beside the hub. A kill waits for the end of the call.", EventName = "Offloaded")]
        public static partial void Offloaded(ILogger logger, string library, string hub);
    }
}
