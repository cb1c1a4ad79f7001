namespace GreenletBridge;

/// <summary>Is told of what happens on hubs; the hosting package turns it into logs.</summary>
/// <remarks>Called on any thread, from inside the hub's machinery: an override must return at once and must not wait. What it throws is ignored.</remarks>
public abstract class HubListener
{
    /// <summary>Which of the frequent events it wants to be told of now. Read at each of them: it must be quick. If it throws, it wants none.</summary>
    /// <value>The default is <see cref="HubEvents.None"/>.</value>
    public virtual HubEvents Wanted => HubEvents.None;

    /// <summary>A greenlet begins. Called where its code will run: what is set in the ExecutionContext, such as the current Activity, its code sees.</summary>
    /// <remarks>Only with <see cref="HubEvents.Greenlets"/>.</remarks>
    /// <param name="greenlet">The greenlet.</param>
    /// <param name="queued">How long it had been waiting for that since it was started.</param>
    public virtual void OnGreenletBegun(Greenlet greenlet, TimeSpan queued)
    {
    }

    /// <summary>A greenlet that was told of as begun ends. Called where its code ran.</summary>
    /// <param name="greenlet">The greenlet; its own status is not set yet.</param>
    /// <param name="status">How it ends.</param>
    /// <param name="exception">What it ends with, a kill's exception too; null when it completed.</param>
    public virtual void OnGreenletEnded(Greenlet greenlet, GreenletStatus status, Exception? exception)
    {
    }

    /// <summary>A greenlet's wait is over, for whatever reason. Only with <see cref="HubEvents.Waits"/>.</summary>
    /// <param name="greenlet">The greenlet.</param>
    /// <param name="reason">What it waited for, in words.</param>
    /// <param name="duration">How long it waited.</param>
    public virtual void OnWaitEnded(Greenlet greenlet, string reason, TimeSpan duration)
    {
    }

    /// <summary>A segment is over. Only with <see cref="HubEvents.Segments"/>.</summary>
    public virtual void OnSegmentEnded(in HubSegment segment)
    {
    }

    /// <summary>Woven code is about to block a thread, because something between it and the wait was not woven. Only with <see cref="HubEvents.WovenBlocks"/>.</summary>
    /// <param name="greenlet">The greenlet.</param>
    /// <param name="method">The innermost woven method, as it was written.</param>
    /// <param name="cause">What it called that was not woven, or <paramref name="method"/> itself where that holds a lock or belongs to its thread.</param>
    public virtual void OnWovenBlocked(Greenlet greenlet, string method, string cause)
    {
    }

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

    /// <summary>This machine does not show which threads are blocked in the operating system: the watchdog sees sleeps only. Once a process, for the first hub.</summary>
    public virtual void OnWatchLimited(Hub hub)
    {
    }

    /// <summary>Calls of a library cannot wait cooperatively: they are made on threads beside the hub. Once for each library and hub, on the greenlet that makes the first.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="what">The library: for a database the type of its connections.</param>
    public virtual void OnOffloaded(Hub hub, string what)
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
