namespace GreenletBridge;

/// <summary>The conversions of a group of hubs, for programs without dependency injection.</summary>
public static class HubGroupBridgeExtensions
{
    extension(HubGroup group)
    {
        /// <summary>The conversions, with this group as what runs what they start outside of any hub.</summary>
        /// <exception cref="ArgumentNullException">The group is null.</exception>
        public IGreenletBridge Bridge
        {
            get
            {
                ArgumentNullException.ThrowIfNull(group);
                return HubBridge.Of(ref group.Companion, group);
            }
        }
    }
}
