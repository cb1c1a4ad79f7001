using GreenletBridge.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Runs endpoints in greenlets.</summary>
public static class GreenletEndpointConventionBuilderExtensions
{
    /// <summary>Runs the endpoint, or each endpoint of the group, in a greenlet.</summary>
    /// <remarks>
    /// Works by itself: <c>app.UseGreenletBridge()</c> is not needed. Applied twice, as on a group and on one of its endpoints, the
    /// most specific counts, and the endpoint still runs in one greenlet. A blocking handler gains most. An async one gains a
    /// SynchronizationContext, and its continuations no longer run in parallel.
    /// </remarks>
    /// <typeparam name="TBuilder">Type of the builder.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="hub">Name of the hub; <see langword="null"/>, the default, for the group of request hubs.</param>
    /// <param name="lane">
    /// The lane of a request: requests of one lane run one after the other, in the order in which they came, as those of one session do
    /// with <c>c =&gt; c.Session.Id</c>. <see langword="null"/>, the default, for no lane. What it may do: <see cref="IGreenletLaneMetadata.LaneOf"/>.
    /// </param>
    /// <returns><paramref name="builder"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the host starts: there is no hub of this name.</exception>
    public static TBuilder RunInGreenlet<TBuilder>(this TBuilder builder, string? hub = null, Func<HttpContext, string?>? lane = null)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(endpoint => endpoint.Metadata.Add(new RunInGreenletAttribute { Hub = hub }));
        builder.Add(WovenHandlers.AddTo);
        if (lane is not null)
        {
            builder.Add(endpoint => endpoint.Metadata.Add(new LaneMetadata(lane)));
        }

        builder.Finally(Wrap);
        return builder;
    }

    /// <summary>Runs only the handler of the endpoint, or of each endpoint of the group, in a greenlet: an endpoint filter.</summary>
    /// <remarks>
    /// What binds the handler's arguments and writes its result, and filters that were added before, run as without greenlets; filters that
    /// are added after this one run in the greenlet. On controllers the handler is the action method.
    /// </remarks>
    /// <typeparam name="TBuilder">Type of the builder.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="hub">Name of the hub; <see langword="null"/>, the default, for the group of request hubs.</param>
    /// <returns><paramref name="builder"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the host starts: there is no hub of this name.</exception>
    public static TBuilder RunHandlerInGreenlet<TBuilder>(this TBuilder builder, string? hub = null)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddEndpointFilterFactory((factory, next) =>
        {
            var name = $"{factory.MethodInfo.DeclaringType?.Name}.{factory.MethodInfo.Name}";
            var runner = RunnerOf(factory.ApplicationServices, nameof(RunHandlerInGreenlet));
            return new HandlerFilter(next, runner, runner.Target(hub, name), name).InvokeAsync;
        });
    }

    /// <summary>Keeps the endpoint, or each endpoint of the group, out of greenlets; beats <c>RunInGreenlet</c>.</summary>
    /// <typeparam name="TBuilder">Type of the builder.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns><paramref name="builder"/>, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TBuilder DisableGreenlet<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(static endpoint => endpoint.Metadata.Add(new DisableGreenletAttribute()));
        return builder;
    }

    /// <summary>As <see cref="RunInGreenlet{TBuilder}"/>, for what mapping itself says: every other mark counts before it, be it the group's or an attribute of the handler.</summary>
    internal static TBuilder RunInGreenletByDefault<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(static endpoint => endpoint.Metadata.Insert(0, new RunInGreenletAttribute()));
        builder.Add(WovenHandlers.AddTo);
        builder.Finally(Wrap);
        return builder;
    }

    // A finally-convention: all metadata is known, and what is wrapped is what every other convention and filter has left
    private static void Wrap(EndpointBuilder endpoint)
    {
        var metadata = endpoint.Metadata;
        if (endpoint.RequestDelegate is not { } handler
            || metadata.OfType<GreenletWrapped>().Any()
            || metadata.OfType<DisableGreenletAttribute>().Any())
        {
            return;
        }

        var runner = RunnerOf(endpoint.ApplicationServices, nameof(RunInGreenlet));
        var mark = HandlerShape.MarkOf(metadata);
        var target = runner.Target(mark.Hub, endpoint.DisplayName);
        if (HandlerShape.IsDynamic(metadata))
        {
            throw new InvalidOperationException(
                $"Endpoint '{endpoint.DisplayName}' is replaced by a page or an action when it is asked for, which RunInGreenlet does not reach: "
                + "mark the page, the controller or the action with [RunInGreenlet] and call app.UseGreenletBridge().");
        }

        // Heeded elsewhere: by the methods of a SignalR hub, and for a page by the middleware
        if (HandlerShape.IsHub(metadata) || HandlerShape.IsUncompiledPage(metadata))
            return;

        // The last counts for everybody
        metadata.Add(mark);
        var lane = HandlerShape.LaneOf(metadata);
        if (lane is not null)
        {
            metadata.Add(lane);
        }

        metadata.Add(GreenletWrapped.Instance);
        endpoint.RequestDelegate = runner.Wrap(handler, endpoint.DisplayName, target, lane);
    }

    private static RequestRunner RunnerOf(IServiceProvider services, string call) => services.GetService<RequestRunner>() ?? throw MissingServices.Needs(call);
}
