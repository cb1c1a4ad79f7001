using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace GreenletBridge.Hosting;

/// <summary>Runs the methods of marked SignalR hubs in greenlets.</summary>
/// <remarks>A connection lives as long as its client, and its messages are taken from it on the thread pool: its endpoint is the wrong place.</remarks>
internal sealed class GreenletHubFilter(RequestRunner runner) : IHubFilter
{
    private readonly ConcurrentDictionary<(Type, MethodInfo), HubMethodMark> _marks = new();

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var mark = MarkOf(invocationContext.Hub, invocationContext.HubMethod);
        return TargetOf(mark, invocationContext.Context) is { } target ? InvokeAsync(invocationContext, next, mark, target) : next(invocationContext);
    }

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next) =>
        RunAsync(context, nameof(Microsoft.AspNetCore.SignalR.Hub.OnConnectedAsync), () => next(context), context.Context.ConnectionAborted);

    // Not killed by what it is there to deal with
    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next) =>
        RunAsync(context, nameof(Microsoft.AspNetCore.SignalR.Hub.OnDisconnectedAsync), () => next(context, exception), CancellationToken.None);

    private async ValueTask<object?> InvokeAsync(
        HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next, HubMethodMark mark, HubTarget target)
    {
        object? result = null;
        await RunAsync(async () => result = await next(invocation), invocation.Context.ConnectionAborted);

        // What it streams is produced when the client takes it, after the method has returned: in a greenlet of its own
        return result is not null && mark.Stream is { } stream ? stream.InGreenlet(result, RunAsync) : result;

        Task RunAsync(Func<Task> code, CancellationToken token) =>
            runner.RunAsync(new HubCall(runner.Policy, mark.Name, invocation.Context, code, token), target, runner.Profile(mark.Name));
    }

    private Task RunAsync(HubLifetimeContext context, string method, Func<Task> next, CancellationToken token)
    {
        var mark = MarkOf(context.Hub, context.Hub.GetType().GetMethod(method)!);
        return TargetOf(mark, context.Context) is { } target
            ? runner.RunAsync(new HubCall(runner.Policy, mark.Name, context.Context, next, token), target, runner.Profile(mark.Name))
            : next();
    }

    private HubTarget? TargetOf(HubMethodMark mark, HubCallerContext caller)
    {
        if (mark.IsDisabled)
            return null;
        var endpoint = caller.GetHttpContext()?.GetEndpoint()?.Metadata;
        return endpoint?.GetMetadata<DisableGreenletAttribute>() is null && (mark.Mark ?? endpoint?.GetMetadata<IGreenletMetadata>()) is { } marked
            ? runner.Target(marked.Hub, mark.Name)
            : null;
    }

    private HubMethodMark MarkOf(Microsoft.AspNetCore.SignalR.Hub hub, MethodInfo method) =>
        _marks.GetOrAdd((hub.GetType(), method), static key => HubMethodMark.Of(key.Item1, key.Item2));
}
