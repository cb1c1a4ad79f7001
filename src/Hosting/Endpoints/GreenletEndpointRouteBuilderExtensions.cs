using System.Diagnostics.CodeAnalysis;
using GreenletBridge.Hosting;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps handlers that run in greenlets.</summary>
public static class GreenletEndpointRouteBuilderExtensions
{
    /// <summary>Maps a handler and runs it in a greenlet: <c>Map(pattern, handler).RunInGreenlet()</c> in one.</summary>
    /// <remarks>In fast mode a lambda that captures variables waits without a thread, too: only here the object with them is known.</remarks>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="handler">As for <c>Map</c>: its parameters are bound from the request, its value is the response.</param>
    /// <returns>The endpoint, for conventions; <c>.RunInGreenlet("name")</c> puts it on another hub.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static RouteHandlerBuilder MapGreenlet(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(handler);
        return Finish(endpoints.Map(pattern, handler), handler);
    }

    /// <summary>As the form without <paramref name="httpMethods"/>, for requests of these methods.</summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="httpMethods">The methods, such as GET.</param>
    /// <param name="handler">As for <c>MapMethods</c>.</param>
    /// <inheritdoc cref="MapGreenlet(IEndpointRouteBuilder, string, Delegate)" path="/returns|/exception|/remarks"/>
    public static RouteHandlerBuilder MapGreenlet(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, IEnumerable<string> httpMethods, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(httpMethods);
        ArgumentNullException.ThrowIfNull(handler);
        return Finish(endpoints.MapMethods(pattern, httpMethods, handler), handler);
    }

    private static RouteHandlerBuilder Finish(RouteHandlerBuilder endpoint, Delegate handler)
    {
        endpoint.Add(builder => builder.Metadata.Add(new HandlerTarget(handler)));
        return endpoint.RunInGreenletByDefault();
    }
}
