namespace GreenletBridge;

/// <summary>What a dispatcher is made from.</summary>
internal sealed record DispatcherOptions
{
    internal required object Host { get; init; }

    internal required CarrierPool Carriers { get; init; }

    internal required HubLoop Loop { get; init; }

    internal required TimeProvider TimeProvider { get; init; }

    internal required TaskScheduler Scheduler { get; init; }

    internal required bool HandsOff { get; init; }

    internal SharedQueue? Shared { get; init; }

    internal WatchBell? Bell { get; init; }

    internal IRunOrder? Order { get; init; }

    internal Action<Exception>? CarrierStartFailed { get; init; }
}
