namespace GreenletBridge;

/// <summary>What rarely ends a wait of woven code: a token, or real time on a hub with another clock.</summary>
/// <param name="limit">Real time; infinite: none.</param>
/// <param name="timer">The hub's timer that ends the wait, too; null when none.</param>
/// <param name="token">Ends the wait.</param>
internal sealed class WovenLimit(TimeSpan limit, WaitTimer? timer, CancellationToken token)
{
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;

    internal WaitTimer? Timer => timer;

    internal void Begin(Waiter waiter)
    {
        if (limit != Timeout.InfiniteTimeSpan)
            _timer = TimeProvider.System.CreateTimer(static w => ((Waiter)w!).TryEnd(WaitOutcome.TimedOut), waiter, limit, Timeout.InfiniteTimeSpan);
        _registration = token.UnsafeRegister(static w => ((Waiter)w!).TryEnd(WaitOutcome.Canceled), waiter);
    }

    internal void End()
    {
        _registration.Unregister();
        _timer?.Dispose();
    }
}
