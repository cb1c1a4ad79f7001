namespace GreenletBridge;

/// <summary>Starts a greenlet when its time has come.</summary>
internal sealed class StartTimer(long due, Greenlet greenlet) : TimerEntry(due)
{
    protected override void Fire() => greenlet.StartNow();
}
