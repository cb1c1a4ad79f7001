using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>Runs requests in greenlets; the one place that conventions, filters and the middleware go through.</summary>
internal sealed class RequestRunner(HubSet hubs, CallPolicy policy, Entrance entrance, HubMonitor monitor)
{
    private const string NoName = "endpoint without name";

    // By name; endpoints and hub methods are few, and their names come from the application, never from a request.
    private readonly ConcurrentDictionary<string, WorkProfile> _profiles = new(StringComparer.Ordinal);

    public CallPolicy Policy => policy;

    /// <summary>The hub an endpoint asks for.</summary>
    /// <exception cref="InvalidOperationException">There is no hub of this name; the message names endpoint and known hubs.</exception>
    public HubTarget Target(string? hub, string? endpoint)
    {
        try
        {
            return hubs.Target(hub);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"Endpoint '{endpoint}': {exception.Message}", exception);
        }
    }

    public WorkProfile Profile(string name) => _profiles.GetOrAdd(name, static n => new WorkProfile(n));

    /// <summary>An endpoint's delegate, in a greenlet.</summary>
    public RequestDelegate Wrap(RequestDelegate next, string? name, HubTarget target, IGreenletLaneMetadata? lane)
    {
        var profile = new WorkProfile(name ?? NoName);
        return context => IsInGreenlet(context, target)
            ? next(context)
            : RunAsync(new PipelineCall(policy, profile.Name, context, next), context, target, profile, lane);
    }

    public Task RunFromMiddlewareAsync(HttpContext context, RequestDelegate next, string name, HubTarget target, IGreenletLaneMetadata? lane) =>
        IsInGreenlet(context, target) ? next(context) : RunAsync(new MiddlewareCall(policy, name, context, next), context, target, Profile(name), lane);

    /// <summary>What is no request and has no limits.</summary>
    public Task RunAsync(HostedCall call, HubTarget target, WorkProfile profile)
    {
        monitor.Wake();
        return call.RunAsync(target, profile);
    }

    /// <summary>A request or a part of it, as soon as the limits of its hub and its lane allow; it may be refused.</summary>
    public Task RunAsync(RequestCall call, HttpContext context, HubTarget target, WorkProfile profile, IGreenletLaneMetadata? lane)
    {
        monitor.Wake();
        return lane is null && Entrance.IsOpen(target) ? call.RunAsync(target, profile) : RunInTurnAsync(call, context, target, profile, lane);
    }

    private async Task RunInTurnAsync(RequestCall call, HttpContext context, HubTarget target, WorkProfile profile, IGreenletLaneMetadata? lane)
    {
        var key = lane is null ? null : LaneKey.Of(context, lane, profile.Name);
        await using var turn = await entrance.EnterAsync(context, target, key);
        await (turn.Refusal?.WriteAsync(context) ?? call.RunAsync(target, profile));
    }

    // What counts is where the code runs now: a pipeline that is executed again after its greenlet has ended, as for an error page,
    // gets a new one
    private static bool IsInGreenlet(HttpContext context, HubTarget target) =>
        Greenlet.Current is { } current
        && context.Features.Get<RequestGreenlet>()?.Greenlet == current
        && target.Owns(current.Hub);
}
