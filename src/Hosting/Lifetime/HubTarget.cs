namespace GreenletBridge.Hosting;

/// <summary>Where a request runs: the group, or one named hub.</summary>
internal sealed class HubTarget(IGreenletBridge bridge, Func<Func<Task>, WorkProfile, Greenlet> spawn, IReadOnlyList<Hub> hubs)
{
    public IGreenletBridge Bridge => bridge;

    public Greenlet Spawn(Func<Task> body, WorkProfile profile) => spawn(body, profile);

    public bool Owns(Hub? hub)
    {
        for (var i = 0; i < hubs.Count; i++)
        {
            if (ReferenceEquals(hubs[i], hub))
                return true;
        }

        return false;
    }
}
