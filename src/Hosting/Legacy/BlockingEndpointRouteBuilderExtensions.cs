using System.ComponentModel;
using System.Reflection;
using GreenletBridge.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps handlers that read their request and write their response synchronously.</summary>
public static class BlockingEndpointRouteBuilderExtensions
{
    /// <summary>Maps a handler that is synchronous from begin to end, as the HTTP handlers of older frameworks are, and runs it in a greenlet.</summary>
    /// <remarks>
    /// Synchronous reads of the request body and writes of the response body are allowed while the handler runs, for its request only, and
    /// give the hub up while they wait for the client. Attributes of the handler's method count as the endpoint's.
    /// </remarks>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="handler">Reads the request and writes the response.</param>
    /// <returns>The endpoint, for conventions; <c>.RunInGreenlet("name")</c> puts it on another hub.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IEndpointConventionBuilder MapBlocking(this IEndpointRouteBuilder endpoints, string pattern, Action<HttpContext> handler)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(handler);
        return Finish(endpoints.Map(pattern, new BlockingHandler(handler).InvokeAsync), handler.Method);
    }

    /// <summary>As the form without <paramref name="httpMethods"/>, for requests of these methods.</summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="httpMethods">The methods, such as GET.</param>
    /// <param name="handler">Reads the request and writes the response.</param>
    /// <inheritdoc cref="MapBlocking(IEndpointRouteBuilder, string, Action{HttpContext})" path="/returns|/exception|/remarks"/>
    public static IEndpointConventionBuilder MapBlocking(
        this IEndpointRouteBuilder endpoints, string pattern, IEnumerable<string> httpMethods, Action<HttpContext> handler)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(httpMethods);
        ArgumentNullException.ThrowIfNull(handler);
        return Finish(endpoints.MapMethods(pattern, httpMethods, new BlockingHandler(handler).InvokeAsync), handler.Method);
    }

    /// <summary>Not to be called: an async handler would be over before its work is.</summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="handler">An async handler.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    [Obsolete("MapBlocking is for synchronous handlers; map an async one with Map and, if it blocks too, .RunInGreenlet().", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEndpointConventionBuilder MapBlocking(this IEndpointRouteBuilder endpoints, string pattern, Func<HttpContext, Task> handler) =>
        throw new NotSupportedException("MapBlocking is for synchronous handlers.");

    /// <inheritdoc cref="MapBlocking(IEndpointRouteBuilder, string, Func{HttpContext, Task})"/>
    [Obsolete("MapBlocking is for synchronous handlers; map an async one with MapMethods and, if it blocks too, .RunInGreenlet().", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEndpointConventionBuilder MapBlocking(
        this IEndpointRouteBuilder endpoints, string pattern, IEnumerable<string> httpMethods, Func<HttpContext, Task> handler) =>
        throw new NotSupportedException("MapBlocking is for synchronous handlers.");

    private static IEndpointConventionBuilder Finish(IEndpointConventionBuilder endpoint, MethodInfo method)
    {
        endpoint.Add(builder =>
        {
            // Last, so that it counts before the method of our own wrapper
            builder.Metadata.Add(method);
            foreach (var attribute in method.GetCustomAttributes())
            {
                builder.Metadata.Add(attribute);
            }
        });
        return endpoint.RunInGreenletByDefault();
    }
}
