using Microsoft.Extensions.Logging;

namespace GreenletBridge.Hosting;

/// <summary>What the calls of one host have in common: how they are killed, and what becomes of those that resist.</summary>
internal sealed partial class CallPolicy(
    CurrentSettings current,
    HubSet hubs,
    Entrance entrance,
    RequestMetrics metrics,
    CallScopes scopes,
    ILogger<CallPolicy> logger,
    TimeProvider? time = null)
{
    private readonly QuietLogger _log = new(logger);

    private RequestSettings Settings => current.Value.Requests;

    public CallScopes Scopes => scopes;

    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    public Entrance Entrance => entrance;

    public RequestMetrics Metrics => metrics;

    public bool KillOnDisconnect => Settings.KillOnDisconnect;

    public bool CompletesAtOnce => Settings.Completion == GreenletCompletion.Immediate;

    public bool KillsAgain => Settings.KillPersistence == KillPersistence.EveryWait;

    public TimeSpan KillTimeout => Settings.KillTimeout;

    /// <summary>Whether what runs is being killed because the host stops.</summary>
    public bool IsStopping => hubs.IsStopping;

    /// <inheritdoc cref="HubSet.Killing"/>
    public CancellationToken Killing => hubs.Killing;

    /// <inheritdoc cref="HubSet.LeftBehind"/>
    public CancellationToken LeftBehind => hubs.LeftBehind;

    public void ReportResisting(string name, Greenlet greenlet, TimeSpan elapsed, string? waitingFor) =>
        Log.Resists(_log, name, greenlet.Id, greenlet.Hub?.Name, elapsed, waitingFor ?? LeftBehindText.Unseen);

    public void ReportEnded(string name, TimeSpan elapsed) => Log.ResistingEnded(_log, name, elapsed);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "{Name} (greenlet {Id} of hub {Hub}) was killed {Elapsed} ago and still runs; it waits for {WaitingFor}. Its connection is aborted; its request is not over before it has ended.", EventName = "ResistsKill")]
        public static partial void Resists(ILogger logger, string name, long id, string? hub, TimeSpan elapsed, string waitingFor);

        [LoggerMessage(2, LogLevel.Information, "{Name} has ended {Elapsed} after its kill.", EventName = "ResistedKillEnded")]
        public static partial void ResistingEnded(ILogger logger, string name, TimeSpan elapsed);
    }
}
