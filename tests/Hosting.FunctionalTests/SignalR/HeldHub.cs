using GreenletBridge.Hosting.FunctionalTests.HealthChecks;
using SignalRHub = Microsoft.AspNetCore.SignalR.Hub;

namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

/// <summary>A hub whose methods run one at a time, and of which one may hold the others up.</summary>
[RunInGreenlet(Hub = "legacy")]
internal sealed class HeldHub(HubNotes notes, Blocker blocker) : SignalRHub
{
    public void Hold()
    {
        notes.Hub = GreenletBridge.Hub.Current;
        blocker.Block();
    }

    public string Other() => WhereAmI.Hub();

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        notes.Disconnected.TrySetResult(WhereAmI.Hub());
        return base.OnDisconnectedAsync(exception);
    }
}
