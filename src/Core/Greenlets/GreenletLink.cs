namespace GreenletBridge;

/// <summary>A callback for a greenlet's end; runs in a greenlet of its own.</summary>
internal sealed class GreenletLink(Action<Greenlet> callback, LinkWhen when) : IGreenletContinuation
{
    internal Action<Greenlet> Callback => callback;

    public void OnEnded(Greenlet greenlet)
    {
        var faulted = greenlet.Status == GreenletStatus.Faulted;
        if (when == LinkWhen.Faulted ? !faulted : when == LinkWhen.NotFaulted && faulted)
            return;
        greenlet.SpawnLink(() => callback(greenlet));
    }
}
