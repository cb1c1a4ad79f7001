namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

/// <summary>What the hub's methods have to tell the test.</summary>
public sealed class HubNotes
{
    public TaskCompletionSource Begun { get; } = new();

    public TaskCompletionSource Ended { get; } = new();

    public TaskCompletionSource StreamEnded { get; } = new();

    public TaskCompletionSource<string> Disconnected { get; } = new();

    public GreenletBridge.Hub? Hub { get; set; }

    public string Connected { get; set; } = "";

    public string Filter { get; set; } = "";

    /// <summary>Blocks, then tells where.</summary>
    public string Block()
    {
        Task.Run(static () => Thread.Yield()).Wait();
        return WhereAmI.Hub();
    }
}
