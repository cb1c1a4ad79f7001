namespace GreenletBridge.Hosting;

/// <summary>Whether the calls of a decorated connection are made on threads beside the hub, while the greenlet waits cooperatively.</summary>
public enum DbOffload
{
    /// <summary>Where the driver has no asynchronous form, or one that blocks, as SQLite's. The hub's listener is told so, once for each driver; a host logs it.</summary>
    WhenNeeded = 0,

    /// <summary>Always: for a driver whose asynchronous form blocks and is not known to.</summary>
    Always,

    /// <summary>Never: each call blocks the thread it is made on, and the hub's watchdog has to find it.</summary>
    Never,
}
