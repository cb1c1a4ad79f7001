using GreenletBridge.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the greenlet middleware.</summary>
public static class GreenletApplicationBuilderExtensions
{
    /// <summary>Runs endpoints that <see cref="RunInGreenletAttribute"/> marks, and the middleware after this one, in a greenlet.</summary>
    /// <remarks>
    /// Place it after <c>UseRouting</c> where that is called, so that the endpoint is known. Endpoints with
    /// <see cref="DisableGreenletAttribute"/> are never run in a greenlet; none is run in two. Of SignalR hubs not the connection, but each
    /// method that is called runs in a greenlet.
    /// </remarks>
    /// <param name="app">The application, or a branch of it.</param>
    /// <param name="all">
    /// Whether to run requests that come here also if their endpoint is not marked, or if there is none. Endpoints whose handler gives a Task are
    /// left out: async code gains little, and opts in by a mark. The default is <see langword="false"/>.
    /// </param>
    /// <param name="lane">
    /// The lane of a request whose endpoint names none: requests of one lane run one after the other, in the order in which they came.
    /// <see langword="null"/>, the default, for no lane. What it may do: <see cref="IGreenletLaneMetadata.LaneOf"/>.
    /// </param>
    /// <returns><paramref name="app"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><c>services.AddGreenletBridge()</c> was not called.</exception>
    public static IApplicationBuilder UseGreenletBridge(this IApplicationBuilder app, bool all = false, Func<HttpContext, string?>? lane = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var check = app.ApplicationServices.GetService<EndpointStartupCheck>() ?? throw MissingServices.Needs(nameof(UseGreenletBridge));
        check.HasMiddleware = true;
        return app.UseMiddleware<GreenletMiddleware>(new GreenletBranch(all, lane is null ? null : new LaneMetadata(lane)));
    }
}
