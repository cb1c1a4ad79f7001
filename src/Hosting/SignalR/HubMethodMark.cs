using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace GreenletBridge.Hosting;

/// <summary>What the attributes of a SignalR hub's method, and those of its class, say.</summary>
/// <param name="Name">Class and method.</param>
/// <param name="Mark">The most specific; null for none.</param>
/// <param name="IsDisabled">Whether it is kept out of greenlets.</param>
/// <param name="Stream">What it streams; null for nothing.</param>
internal sealed record HubMethodMark(string Name, IGreenletMetadata? Mark, bool IsDisabled, HubStream? Stream)
{
    /// <summary>The names of hubs that the methods of an endpoint's SignalR hub ask for, each with who asks.</summary>
    public static IEnumerable<(string? Hub, string Name)> HubsAskedFor(EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<HubMetadata>() is not { HubType: var type }
            ? []
            : from method in type.GetMethods()
              let mark = method.GetCustomAttributes(inherit: true).OfType<IGreenletMetadata>().LastOrDefault()
              where mark is not null
              select (mark.Hub, $"{type.Name}.{method.Name}");

    public static HubMethodMark Of(Type hub, MethodInfo method)
    {
        var attributes = hub.GetCustomAttributes(inherit: true).Concat(method.GetCustomAttributes(inherit: true)).ToList();
        return new HubMethodMark(
            $"{hub.Name}.{method.Name}",
            attributes.OfType<IGreenletMetadata>().LastOrDefault(),
            attributes.OfType<DisableGreenletAttribute>().Any(),
            HubStream.Of(method));
    }
}
