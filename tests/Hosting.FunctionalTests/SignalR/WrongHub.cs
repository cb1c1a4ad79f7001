using SignalRHub = Microsoft.AspNetCore.SignalR.Hub;

namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

/// <summary>A hub with a method that asks for what there is not.</summary>
public class WrongHub : SignalRHub
{
    [RunInGreenlet(Hub = "nope")]
    public string Where() => WhereAmI.Hub();
}
