namespace GreenletBridge;

/// <summary>A greenlet's end as something to wait for.</summary>
/// <param name="greenlet">Whose end.</param>
/// <param name="isEndless">Whether nothing else than that end, or a kill, ends the wait.</param>
internal sealed class JoinSource(Greenlet greenlet, bool isEndless = false) : IHeldSource
{
    private string? _cycle;

    public Greenlet? Holder => isEndless ? greenlet : null;

    public string Relation => "waits for";

    public bool TryAdd(Waiter waiter)
    {
        if (isEndless && waiter is GreenletWaiter && (_cycle = WaitCycle.Find(this)) is not null)
            return false;
        return greenlet.TryAddContinuation(waiter);
    }

    public void Remove(Waiter waiter) => greenlet.RemoveContinuation(waiter);

    public string Describe() => $"the end of {greenlet}";

    /// <exception cref="HubDeadlockException">The wait would have closed a cycle: it was not begun.</exception>
    internal void ThrowIfCycle()
    {
        if (_cycle is { } cycle)
            throw new HubDeadlockException($"{cycle} Let one of them wait with a timeout, or return first.");
    }
}
