using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>Where requests wait for their lane and for their hub's limit, in this order: who waits in a lane takes no permit from others.</summary>
internal sealed class Entrance(LaneTable lanes, HubSet hubs, CurrentSettings settings, RequestMetrics metrics)
{
    /// <summary>Whether a request of the target may begin without asking.</summary>
    public static bool IsOpen(HubTarget target) => target.Limit.IsOpen && !target.Health.IsLost;

    /// <summary>Waits until the request may begin.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Where it runs.</param>
    /// <param name="key">Its lane; null for none.</param>
    /// <returns>To be disposed when the greenlet has ended.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask<Turn> EnterAsync(HttpContext context, HubTarget target, string? key)
    {
        if (target.Health.IsLost)
            return Refused(target, LostReason());
        var hasPermit = context.Features.Get<HeldTurn>()?.HasPermit(target.Limit) == true;
        RequestPermit? permit = null;
        if (key is null && (hasPermit || target.Limit.TryEnter(out permit)))
            return new Turn(context, null, permit);

        var gone = settings.Value.Requests.KillOnDisconnect ? context.RequestAborted : CancellationToken.None;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone, target.Health.Lost);
        Lane? lane = null;
        var entered = false;
        try
        {
            if (key is not null && (lane = await lanes.EnterAsync(key, settings.Value.Requests.LaneQueueLimit, ended.Token)) is null)
                return Refused(target, RefusalReason.LaneFull);

            (entered, permit) = hasPermit ? (true, null) : await target.Limit.EnterAsync(ended.Token);
            return entered ? new Turn(context, lane, permit) : Refused(target, RefusalReason.QueueFull);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return Refused(target, LostReason());
        }
        finally
        {
            if (!entered)
            {
                lane?.Dispose();
            }
        }
    }

    /// <summary>Notes a request that may not begin.</summary>
    private Refusal Refuse(HubTarget target, RefusalReason reason)
    {
        var refusal = new Refusal(reason, reason == RefusalReason.QueueFull ? target.Limit.RetryAfter : Refusal.Soon);
        metrics.Refused(target, refusal);
        return refusal;
    }

    /// <summary>Notes a request that may not begin because its target is lost.</summary>
    public Refusal Refuse(HubTarget target) => Refuse(target, LostReason());

    private RefusalReason LostReason() => hubs.IsStopping ? RefusalReason.Stopping : RefusalReason.Unhealthy;

    private Turn Refused(HubTarget target, RefusalReason reason) => new(Refuse(target, reason));
}
