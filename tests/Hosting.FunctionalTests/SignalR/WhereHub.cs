using Microsoft.AspNetCore.SignalR;
using SignalRHub = Microsoft.AspNetCore.SignalR.Hub;

namespace GreenletBridge.Hosting.FunctionalTests.SignalR;

/// <summary>A hub whose methods tell where they run.</summary>
public class WhereHub(HubNotes notes) : SignalRHub
{
    public string Where() => notes.Block();

    public async Task<string> WhereAsync()
    {
        await Task.Yield();
        return notes.Block();
    }

    [RunInGreenlet(Hub = "legacy")]
    public string Named() => notes.Block();

    [DisableGreenlet]
    public string Off() => WhereAmI.Hub();

    public void Fail() => throw new HubException($"failed on {notes.Block()}");

    public void WaitForEver()
    {
        try
        {
            notes.Begun.SetResult();
            new TaskCompletionSource().Task.Wait();
        }
        finally
        {
            notes.Ended.SetResult();
        }
    }

    public override Task OnConnectedAsync()
    {
        notes.Connected = notes.Block();
        return base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        notes.Disconnected.TrySetResult(notes.Block());
        return base.OnDisconnectedAsync(exception);
    }
}
