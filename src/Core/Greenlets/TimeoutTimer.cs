namespace GreenletBridge;

/// <summary>The timer of a greenlet's timeouts.</summary>
internal sealed class TimeoutTimer(long due, TimeoutList list) : TimerEntry(due)
{
    protected override void Fire() => list.Fire(this);
}
