using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GreenletBridge.Hosting;

/// <summary>Runs requests in greenlets; the one place both the endpoint convention and the middleware go through.</summary>
internal sealed class RequestRunner(HubSet hubs, IOptions<GreenletBridgeOptions> options)
{
    private static readonly GreenletToTaskOptions _immediate = new() { Completion = GreenletCompletion.Immediate };
    private static readonly GreenletToTaskOptions _afterExit = new() { Completion = GreenletCompletion.AfterExit };

    // By endpoint name; endpoints are few, and their names come from the application, never from a request.
    private readonly ConcurrentDictionary<string, WorkProfile> _profiles = new(StringComparer.Ordinal);
    private readonly bool _killOnDisconnect = options.Value.Requests.KillOnDisconnect;
    private readonly GreenletToTaskOptions _toTask = options.Value.Requests.Completion == GreenletCompletion.Immediate ? _immediate : _afterExit;

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

    public RequestDelegate Wrap(RequestDelegate next, string? name, HubTarget target)
    {
        var profile = new WorkProfile(name ?? "endpoint without name");
        return context => IsInGreenlet(context, target) ? next(context) : RunAsync(new RequestBody(context, next, fromMiddleware: false), context, target, profile);
    }

    public Task RunFromMiddlewareAsync(HttpContext context, RequestDelegate next, string name, HubTarget target) => IsInGreenlet(context, target)
        ? next(context)
        : RunAsync(new RequestBody(context, next, fromMiddleware: true), context, target, _profiles.GetOrAdd(name, static n => new WorkProfile(n)));

    // What counts is where the code runs now: a pipeline that is executed again after its greenlet has ended, as for an error page,
    // gets a new one
    private static bool IsInGreenlet(HttpContext context, HubTarget target) =>
        Greenlet.Current is { } current
        && context.Features.Get<RequestGreenlet>()?.Greenlet == current
        && target.Owns(current.Hub);

    private async Task RunAsync(RequestBody body, HttpContext context, HubTarget target, WorkProfile profile)
    {
        Greenlet? greenlet = null;
        try
        {
            var token = _killOnDisconnect ? context.RequestAborted : CancellationToken.None;
            greenlet = target.Spawn(body.Run, profile);
            await target.Bridge.AsTask(greenlet, _toTask, token);
        }
        catch (Exception exception) when (EndedByStop(exception, context))
        {
            Refuse(context);
        }
        catch (OperationCanceledException) when (greenlet is { Status: GreenletStatus.Faulted })
        {
            // A cancelled Task has no room for the exception that the handler threw; the greenlet throws the same object again
            await greenlet;
        }
    }

    private bool EndedByStop(Exception exception, HttpContext context) =>
        exception is OperationCanceledException or HubStoppedException
        && hubs.IsStopping
        && !context.RequestAborted.IsCancellationRequested;

    private static void Refuse(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }
}
