using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>The endpoint filter that runs what is inside of it in a greenlet.</summary>
internal sealed class HandlerFilter(EndpointFilterDelegate next, RequestRunner runner, HubTarget target, string name)
{
    private readonly WorkProfile _profile = new(name);

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation)
    {
        var metadata = invocation.HttpContext.GetEndpoint()?.Metadata;
        return target.Owns(Greenlet.Current?.Hub) || metadata?.GetMetadata<DisableGreenletAttribute>() is not null
            ? next(invocation)
            : RunAsync(invocation, metadata is null ? null : HandlerShape.LaneOf(metadata));
    }

    private async ValueTask<object?> RunAsync(EndpointFilterInvocationContext invocation, IGreenletLaneMetadata? lane)
    {
        var context = invocation.HttpContext;
        var call = new HandlerCall(runner.Policy, context.GetEndpoint()?.DisplayName ?? name, invocation, next);
        await runner.RunAsync(call, context, target, _profile, lane);
        return call.Result;
    }
}
