namespace GreenletBridge;

/// <summary>Is told of what happens on hubs; the hosting package turns it into logs.</summary>
/// <remarks>Called on any thread, from inside the hub's machinery: an override must return at once and must not wait. What it throws is ignored.</remarks>
public abstract class HubListener
{
    /// <summary>A greenlet failed and nobody awaits, joins or links it. Once a greenlet.</summary>
    public virtual void OnGreenletFaulted(Greenlet greenlet, Exception exception)
    {
    }

    /// <summary>A callback that a greenlet's code had posted threw (an async void method, for example).</summary>
    public virtual void OnUnhandledException(Greenlet greenlet, Exception exception)
    {
    }

    /// <summary>A carrier thread could not be started; its work waits for another one.</summary>
    public virtual void OnCarrierStartFailed(Hub hub, Exception exception)
    {
    }

    /// <summary>A hub stops; it has so many greenlets that have begun and not ended.</summary>
    public virtual void OnHubStopping(Hub hub, int running)
    {
    }

    /// <summary>The time to drain was over and this greenlet is killed.</summary>
    public virtual void OnGreenletKilledAtStop(Greenlet greenlet)
    {
    }

    /// <summary>A hub has stopped; so many greenlets resisted their kill and are left behind.</summary>
    public virtual void OnHubStopped(Hub hub, int leftBehind)
    {
    }

    /// <summary>The watchdog found a segment that holds its hub unseen. Called on the watchdog's thread, once a blockage.</summary>
    public virtual void OnBlockageDetected(Blockage blockage)
    {
    }

    /// <summary>A blockage that was detected is over: its duration and place are known. Called on the thread that blocked.</summary>
    public virtual void OnBlockageEnded(Blockage blockage)
    {
    }
}
