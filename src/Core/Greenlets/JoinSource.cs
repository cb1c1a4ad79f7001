namespace GreenletBridge;

/// <summary>A greenlet's end as something to wait for.</summary>
internal sealed class JoinSource(Greenlet greenlet) : IWaitSource
{
    public bool TryAdd(Waiter waiter) => greenlet.TryAddContinuation(waiter);

    public void Remove(Waiter waiter) => greenlet.RemoveContinuation(waiter);

    public string Describe() => $"the end of {greenlet}";
}
