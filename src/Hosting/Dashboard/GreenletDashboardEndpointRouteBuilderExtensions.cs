using GreenletBridge.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the status page of the greenlet hubs.</summary>
public static class GreenletDashboardEndpointRouteBuilderExtensions
{
    /// <summary>Maps a live status page: hubs, greenlets and what they wait for, who blocks, and who ran when.</summary>
    /// <remarks>
    /// Shown only in Development, unless authorization is asked for, as in <c>app.MapGreenletDashboard("/greenlets").RequireAuthorization("ops")</c>;
    /// otherwise everything below the pattern answers 404. Below it are also <c>/snapshot</c> (JSON, or text with <c>?format=text</c>) and the page's
    /// streams. Nothing is measured while no page is open, and for five minutes after.
    /// </remarks>
    /// <param name="endpoints">The application, or a group.</param>
    /// <param name="pattern">Where; the default is <c>/greenlets</c>.</param>
    /// <param name="configure">Sets the page's options.</param>
    /// <returns>The page's endpoints, to add conventions to.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// <c>services.AddGreenletBridge()</c> was not called, or <see cref="GreenletDashboardOptions.AllowKill"/> is set without <c>services.AddAntiforgery()</c>.
    /// </exception>
    public static IEndpointConventionBuilder MapGreenletDashboard(
        this IEndpointRouteBuilder endpoints, string pattern = "/greenlets", Action<GreenletDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var services = endpoints.ServiceProvider;
        var feed = services.GetService<DashboardFeed>() ?? throw MissingServices.Needs(nameof(MapGreenletDashboard));
        var options = new GreenletDashboardOptions();
        configure?.Invoke(options);
        if (options.AllowKill && services.GetService<IAntiforgery>() is null)
        {
            throw new InvalidOperationException(
                $"{nameof(MapGreenletDashboard)} with {nameof(GreenletDashboardOptions.AllowKill)} needs antiforgery: call services.AddAntiforgery() first.");
        }

        var recorder = services.GetRequiredService<SegmentRecorder>();
        var directory = services.GetRequiredService<HubDirectory>();
        var group = endpoints.MapGroup(pattern);
        group.MapGet("/", (HttpContext context) => DashboardPage.Show(context, options));
        group.MapGet("/assets/{name}", DashboardAssets.File);
        group.MapGet("/snapshot", (string? format) => DashboardPage.Snapshot(format, feed, directory));
        group.MapGet("/events", (HttpContext context) => TypedResults.ServerSentEvents(feed.Events(context.RequestAborted)));
        group.MapGet("/timeline", (string hub, HttpContext context) => TypedResults.ServerSentEvents(recorder.Events(hub, context.RequestAborted)));
        if (options.AllowKill)
        {
            group.MapPost("/kill/{id:long}", services.GetRequiredService<DashboardKill>().Handle);
        }

        group.DisableGreenlet().ExcludeFromDescription();
        ((IEndpointConventionBuilder)group).Finally(DashboardGuard.Apply);
        return group;
    }
}
