namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>When the other greenlets of a hub that hands off run, while one blocks.</summary>
internal enum OthersRun
{
    /// <summary>The wait hook shows the wait.</summary>
    AtOnce,

    /// <summary>The watchdog finds the thread blocked.</summary>
    WhenFoundBlocked,

    /// <summary>The watchdog finds that it computes for longer than MaxBlockingTime.</summary>
    WhenFoundComputing,
}
