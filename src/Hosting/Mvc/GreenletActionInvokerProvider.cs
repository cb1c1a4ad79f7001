using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;

namespace GreenletBridge.Hosting;

/// <summary>Runs marked actions, with their filters, binders, results and views, where no endpoint of ours does.</summary>
/// <remarks>
/// A Razor Page's endpoint is made when the page is first asked for, and takes over the metadata of what was mapped, but not a delegate
/// that a convention has wrapped. The invoker is what every page goes through.
/// </remarks>
internal sealed class GreenletActionInvokerProvider(RequestRunner runner) : IActionInvokerProvider
{
    // The last to see the invoker: providers are told of the end in reverse order
    public int Order => int.MinValue;

    public void OnProvidersExecuting(ActionInvokerProviderContext context)
    {
        // What there is to wrap is known when the others are done.
    }

    public void OnProvidersExecuted(ActionInvokerProviderContext context)
    {
        if (context.Result is not { } invoker)
            return;
        var action = context.ActionContext.ActionDescriptor;
        var metadata = context.ActionContext.HttpContext.GetEndpoint()?.Metadata ?? new EndpointMetadataCollection(action.EndpointMetadata ?? []);
        if (metadata.GetMetadata<IGreenletMetadata>() is not { } marked || metadata.GetMetadata<DisableGreenletAttribute>() is not null)
            return;

        var name = action.DisplayName ?? action.Id;
        var target = runner.Target(marked.Hub, name);
        if (!target.Owns(Greenlet.Current?.Hub))
        {
            context.Result = new GreenletActionInvoker(
                invoker, context.ActionContext.HttpContext, runner, target, name, metadata.GetMetadata<IGreenletLaneMetadata>());
        }
    }
}
