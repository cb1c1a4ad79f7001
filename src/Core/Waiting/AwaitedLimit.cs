namespace GreenletBridge;

/// <summary>What else ends an awaited wait: a time, by the hub's clock on a greenlet and by the system's elsewhere, or a token. Most waits have none.</summary>
/// <param name="timeout">Null or infinite: no limit. Zero or less: only a look.</param>
/// <param name="token">Ends the wait.</param>
internal sealed class AwaitedLimit(TimeSpan? timeout, CancellationToken token)
{
    // A longer one is refused; nobody lives to see the difference.
    private static readonly TimeSpan _longestSystemTimer = TimeSpan.FromDays(49);

    private WaitTimer? _timer;
    private ITimer? _systemTimer;
    private CancellationTokenRegistration _registration;

    internal TimeSpan? Timeout => timeout;

    internal CancellationToken Token => token;

    internal void Begin(Waiter waiter, IWaitOwner? owner)
    {
        if (timeout is { } limit && limit != System.Threading.Timeout.InfiniteTimeSpan)
        {
            if (limit <= TimeSpan.Zero)
            {
                waiter.TryEnd(WaitOutcome.TimedOut);
                return;
            }

            if (owner is not null)
                owner.Dispatcher.Post(_timer = new WaitTimer(owner.Dispatcher.Clock.After(limit), waiter));
            else if (limit < _longestSystemTimer)
                _systemTimer = TimeProvider.System.CreateTimer(static w => ((Waiter)w!).TryEnd(WaitOutcome.TimedOut), waiter, limit, System.Threading.Timeout.InfiniteTimeSpan);
        }

        _registration = token.UnsafeRegister(static state => ((Waiter)state!).TryEnd(WaitOutcome.Canceled), waiter);
    }

    internal void End()
    {
        _registration.Unregister();
        _timer?.TryCancel();
        _systemTimer?.Dispose();
    }
}
