using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>A request, or a part of its pipeline, in a greenlet.</summary>
internal abstract class RequestCall(CallPolicy policy, string name, HttpContext context) : HostedCall(policy, name, context.RequestAborted)
{
    protected HttpContext Context => context;

    protected override void Abort() => context.Abort();

    /// <summary>What the end of the drain has killed is refused, unless its client has gone.</summary>
    protected override bool Handles(Exception exception)
    {
        if (!IsStopping || exception is not (OperationCanceledException or HubStoppedException) || context.RequestAborted.IsCancellationRequested)
            return false;

        if (context.Response.HasStarted)
        {
            context.Abort();
        }
        else
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }

        return true;
    }
}
