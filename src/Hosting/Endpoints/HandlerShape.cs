using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;

namespace GreenletBridge.Hosting;

/// <summary>What an endpoint's metadata tells of the code behind it.</summary>
internal static class HandlerShape
{
    /// <summary>Whether the handler gives a Task: bridged by a mark of its own only, as it gains a SynchronizationContext and loses parallel continuations.</summary>
    public static bool IsAsync(EndpointMetadataCollection metadata)
    {
        if (metadata.GetMetadata<ControllerActionDescriptor>() is { } action)
            return IsAsync(action.MethodInfo);
        if (metadata.GetMetadata<CompiledPageActionDescriptor>() is { } page)
            return page.HandlerMethods is { Count: > 0 } handlers && handlers.All(static handler => IsAsync(handler.MethodInfo));
        return metadata.GetMetadata<MethodInfo>() is { } method && IsAsync(method);
    }

    /// <summary>The most specific mark: of an action or page its own attribute, as conventions are for all of them, else the last.</summary>
    public static IGreenletMetadata MarkOf(IEnumerable<object> metadata) => MostSpecific<IGreenletMetadata>(metadata)!;

    /// <summary>The most specific lane, as for <see cref="MarkOf(IEnumerable{object})"/>; null: none.</summary>
    public static IGreenletLaneMetadata? LaneOf(IEnumerable<object> metadata) => MostSpecific<IGreenletLaneMetadata>(metadata);

    /// <summary>As <see cref="MarkOf(IEnumerable{object})"/>, of a finished endpoint; null: none.</summary>
    public static IGreenletMetadata? MarkOf(EndpointMetadataCollection metadata) =>
        MostSpecific(metadata.GetMetadata<ActionDescriptor>(), metadata.GetMetadata<IGreenletMetadata>());

    /// <summary>As <see cref="LaneOf(IEnumerable{object})"/>, of a finished endpoint.</summary>
    public static IGreenletLaneMetadata? LaneOf(EndpointMetadataCollection metadata) =>
        MostSpecific(metadata.GetMetadata<ActionDescriptor>(), metadata.GetMetadata<IGreenletLaneMetadata>());

    /// <summary>Whether it is a connection of SignalR's, whose methods run in greenlets one by one.</summary>
    public static bool IsHub(IEnumerable<object> metadata) => metadata.Any(static item => item is HubMetadata);

    /// <summary>Whether it stands for a page that is compiled when it is first asked for: what runs then has the metadata, but not the delegate.</summary>
    public static bool IsUncompiledPage(IEnumerable<object> metadata) => metadata.Any(static item => item is PageActionDescriptor and not CompiledPageActionDescriptor);

    /// <summary>Whether each request puts a page or an action in its place, which has neither.</summary>
    public static bool IsDynamic(IEnumerable<object> metadata) => metadata.Any(static item => item is IDynamicEndpointMetadata { IsDynamic: true });

    private static T? MostSpecific<T>(IEnumerable<object> metadata)
        where T : class =>
        MostSpecific(metadata.OfType<ActionDescriptor>().LastOrDefault(), metadata.OfType<T>().LastOrDefault());

    // What an action has is among the endpoint's, too: of most requests nothing more is asked
    private static T? MostSpecific<T>(ActionDescriptor? action, T? last)
        where T : class =>
        last is null ? null : action?.EndpointMetadata.OfType<T>().LastOrDefault() ?? last;

    private static bool IsAsync(MethodInfo method)
    {
        var type = method.ReturnType;
        return typeof(Task).IsAssignableFrom(type)
            || type == typeof(ValueTask)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
    }
}
