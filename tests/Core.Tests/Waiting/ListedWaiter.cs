namespace GreenletBridge.Core.Tests.Waiting;

/// <summary>A waiter that notes that it was woken.</summary>
internal sealed class ListedWaiter() : Waiter(null)
{
    public bool IsWoken { get; private set; }

    internal override void Run(Runner runner)
    {
        // Nobody posts it
    }

    protected override void OnEnded() => IsWoken = true;
}
