namespace GreenletBridge;

/// <summary>The conversions of a hub, for programs without dependency injection.</summary>
public static class HubBridgeExtensions
{
    extension(Hub hub)
    {
        /// <summary>The conversions, with this hub as the one that runs what they start outside of any other.</summary>
        /// <exception cref="ArgumentNullException">The hub is null.</exception>
        public IGreenletBridge Bridge
        {
            get
            {
                ArgumentNullException.ThrowIfNull(hub);
                return HubBridge.Of(ref hub.Companion, hub);
            }
        }
    }
}
