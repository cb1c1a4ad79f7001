namespace GreenletBridge;

/// <summary>Starts a greenlet when its time has come.</summary>
internal sealed class StartTimer(long due, Greenlet greenlet, DelayedStarts starts) : TimerEntry(due)
{
    protected override void Fire()
    {
        starts.Forget(greenlet);
        greenlet.StartNow();
    }
}
