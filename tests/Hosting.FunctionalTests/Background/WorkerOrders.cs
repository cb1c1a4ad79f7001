namespace GreenletBridge.Hosting.FunctionalTests.Background;

/// <summary>What the worker shall do, and what it has done.</summary>
internal sealed class WorkerOrders
{
    public bool KillOnStop { get; init; }

    public bool HeedsToken { get; init; }

    public bool Throws { get; init; }

    public TaskCompletionSource Begun { get; } = new();

    public TaskCompletionSource Ended { get; } = new();

    public string Hub { get; set; } = "";

    public bool Returned { get; set; }
}
