using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>What a request holds while it runs: its lane and its permit, or the reason why it has neither.</summary>
internal readonly struct Turn(HttpContext context, Lane? lane, RequestPermit? permit, Refusal? refusal = null) : IAsyncDisposable
{
    public Refusal? Refusal => refusal;

    public async ValueTask DisposeAsync()
    {
        permit?.Dispose();
        if (lane is null)
            return;

        await LaneSessions.CommitAsync(context);
        context.Features.Set<HeldLane>(null);
        lane.Dispose();
    }
}
