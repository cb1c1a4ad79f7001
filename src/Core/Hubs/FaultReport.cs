namespace GreenletBridge;

/// <summary>Tells the listener of a failed greenlet, unless somebody has looked at its end by then.</summary>
internal sealed class FaultReport(long due, Hub hub, Greenlet greenlet) : TimerEntry(due)
{
    /// <summary>How long a failure may go unlooked at.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Nobody has looked in the time there was.
    internal override void OnForgotten() => TryFire();

    protected override void Fire()
    {
        if (!greenlet.IsObserved)
            hub.Notify(greenlet, static (listener, g) => listener.OnGreenletFaulted(g, g.EndException!));
    }
}
