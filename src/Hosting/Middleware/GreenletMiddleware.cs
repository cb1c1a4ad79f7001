using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace GreenletBridge.Hosting;

/// <summary>Runs the rest of the pipeline in a greenlet, for endpoints that are marked, or for all that block by their shape.</summary>
internal sealed class GreenletMiddleware(RequestDelegate next, RequestRunner runner, GreenletBranch branch)
{
    private const string NoEndpoint = "request without endpoint";

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var metadata = endpoint?.Metadata;
        var marked = metadata is null ? null : HandlerShape.MarkOf(metadata);
        if (metadata is null ? !branch.All : !IsOurs(marked, metadata))
            return next(context);

        var lane = (metadata is null ? null : HandlerShape.LaneOf(metadata)) ?? branch.Lane;
        return runner.RunFromMiddlewareAsync(context, next, endpoint?.DisplayName ?? NoEndpoint, runner.Target(marked?.Hub, endpoint?.DisplayName), lane);
    }

    private bool IsOurs(IGreenletMetadata? marked, EndpointMetadataCollection metadata)
    {
        if (metadata.GetMetadata<DisableGreenletAttribute>() is not null || metadata.GetMetadata<HubMetadata>() is not null)
            return false;
        if (branch.All && (marked is not null || !HandlerShape.IsAsync(metadata)))
            return true;
        return marked is not null && metadata.GetMetadata<GreenletWrapped>() is null;
    }
}
