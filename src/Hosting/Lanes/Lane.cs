namespace GreenletBridge.Hosting;

/// <summary>A lane that somebody is in, and those that wait for it.</summary>
internal sealed class Lane(LaneTable table, string key) : IDisposable
{
    public string Key => key;

    /// <summary>In the order in which they came; guarded by the table.</summary>
    public LinkedList<TaskCompletionSource> Waiting { get; } = [];

    /// <summary>Gives the lane to whoever is next.</summary>
    public void Dispose() => table.Leave(this);
}
