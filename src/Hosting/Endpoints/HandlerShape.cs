using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
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

    /// <summary>Whether it is a connection of SignalR's, whose methods run in greenlets one by one.</summary>
    public static bool IsHub(EndpointMetadataCollection metadata) => metadata.GetMetadata<HubMetadata>() is not null;

    /// <summary>Whether the mark of an endpoint is heeded further inside: by the methods of a SignalR hub, by the invoker of a page that has yet to be compiled.</summary>
    public static bool IsServedInside(IEnumerable<object> metadata) => metadata.Any(static item => item is HubMetadata or PageActionDescriptor);

    private static bool IsAsync(MethodInfo method)
    {
        var type = method.ReturnType;
        return typeof(Task).IsAssignableFrom(type)
            || type == typeof(ValueTask)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
    }
}
