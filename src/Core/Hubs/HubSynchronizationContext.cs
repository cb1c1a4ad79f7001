namespace GreenletBridge;

/// <summary>Posts to a hub from outside of its greenlets: each delegate runs in a greenlet of its own, so it may wait.</summary>
internal sealed class HubSynchronizationContext(Hub hub) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        hub.StartInternal(() => d(state), "post");
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (Hub.Current == hub)
            d(state);
        else
            hub.StartInternal(() => d(state), "send").Get();
    }

    public override SynchronizationContext CreateCopy() => this;
}
