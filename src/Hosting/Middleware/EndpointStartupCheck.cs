using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting;

/// <summary>Fails the start for an endpoint that asks for a greenlet it would not get.</summary>
/// <remarks>Runs when the pipeline has been built and the server does not listen yet.</remarks>
internal sealed class EndpointStartupCheck(RequestRunner runner) : IStartupFilter
{
    /// <summary>Whether <c>UseGreenletBridge</c> was called.</summary>
    public bool HasMiddleware { get; set; }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        foreach (var endpoint in app.ApplicationServices.GetService<EndpointDataSource>()?.Endpoints ?? [])
        {
            Check(endpoint);
        }
    };

    private void Check(Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        foreach (var (hub, name) in HubMethodMark.HubsAskedFor(metadata))
        {
            runner.Target(hub, name);
        }

        if (HandlerShape.MarkOf(metadata) is not { } marked
            || metadata.GetMetadata<GreenletWrapped>() is not null
            || metadata.GetMetadata<DisableGreenletAttribute>() is not null)
        {
            return;
        }

        if (!HasMiddleware && !HandlerShape.IsHub(metadata))
        {
            throw new InvalidOperationException(
                $"Endpoint '{endpoint.DisplayName}' is marked to run in a greenlet, but nothing runs it in one: call app.UseGreenletBridge() "
                + "after routing, or map the endpoint with .RunInGreenlet().");
        }

        runner.Target(marked.Hub, endpoint.DisplayName);
    }
}
