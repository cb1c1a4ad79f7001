namespace GreenletBridge;

/// <summary>Blocking code that was rewritten at build time: it waits by copying its stack out and returning to the hub.</summary>
/// <remarks>Where a frame of it was not rewritten it blocks its thread, as a segment of async code does.</remarks>
internal abstract class WovenBody : Body
{
    internal sealed override bool IsBlocking => false;

    /// <summary>Knows the woven form of delegates; null while no woven assembly is loaded.</summary>
    internal static IWovenFinder? Finder { get; set; }
}
