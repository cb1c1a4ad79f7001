namespace GreenletBridge;

/// <summary>Waits for one of several things on behalf of a <see cref="ReadySet"/>.</summary>
internal sealed class ReadyWaiter(ReadySet set, IGreenletWaitable item) : Waiter(item.WhenReady)
{
    internal override void Run(Runner runner)
    {
        // Never posted: whoever waits for the set is.
    }

    /// <summary>Begins to wait.</summary>
    internal void Begin()
    {
        if (!Source!.TryAdd(this))
            TryEnd(WaitOutcome.Completed);
    }

    /// <summary>Waits no more.</summary>
    internal void GiveUp()
    {
        if (TryDecide(WaitOutcome.Canceled))
            Source!.Remove(this);
    }

    protected override void OnEnded() => set.Add(item);
}
