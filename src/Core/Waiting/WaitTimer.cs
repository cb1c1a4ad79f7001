namespace GreenletBridge;

/// <summary>Ends a wait when its time is up.</summary>
internal sealed class WaitTimer(long due, Waiter waiter) : TimerEntry(due)
{
    protected override void Fire() => waiter.TryEnd(WaitOutcome.TimedOut);
}
