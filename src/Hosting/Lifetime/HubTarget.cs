namespace GreenletBridge.Hosting;

/// <summary>Where a request runs: the group, or one named hub.</summary>
internal sealed class HubTarget : IDisposable
{
    private readonly Func<Func<Task>, WorkProfile, Greenlet> _spawn;
    private readonly Func<Action, Greenlet> _post;
    private readonly Func<int> _queued;

    public HubTarget(HubGroup group, string name, RequestLimit limit)
    {
        (Name, Hubs, Bridge, Limit) = (name, group.Hubs, group.Bridge, limit);
        _spawn = group.SpawnInPlace;
        _post = group.Spawn;
        _queued = () => group.Queued;
    }

    public HubTarget(Hub hub, RequestLimit limit)
    {
        (Name, Hubs, Bridge, Limit) = (hub.Name, [hub], hub.Bridge, limit);
        _spawn = hub.SpawnInPlace;
        _post = hub.Spawn;
        _queued = () => 0;
    }

    /// <summary>The hub's name; that of the group is <see cref="HubSet.RequestsName"/>.</summary>
    public string Name { get; }

    public IGreenletBridge Bridge { get; }

    public IReadOnlyList<Hub> Hubs { get; }

    public RequestLimit Limit { get; }

    public TargetHealth Health { get; } = new();

    /// <summary>Work that no hub of the group has begun; what a named hub has not begun is among its queued.</summary>
    public int Queued => _queued();

    public Greenlet Spawn(Func<Task> body, WorkProfile profile) => _spawn(body, profile);

    /// <summary>Has code run as new work that takes its turn, whatever is known of it.</summary>
    public void Post(Action body) => _post(body);

    public bool Owns(Hub? hub)
    {
        for (var i = 0; i < Hubs.Count; i++)
        {
            if (ReferenceEquals(Hubs[i], hub))
                return true;
        }

        return false;
    }

    public void Dispose() => Limit.Dispose();
}
