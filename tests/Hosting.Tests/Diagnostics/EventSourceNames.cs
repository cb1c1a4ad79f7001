using System.Diagnostics.Tracing;
using System.Reflection;

namespace GreenletBridge.Hosting.Tests.Diagnostics;

/// <summary>What the event source has, read from the code.</summary>
internal static class EventSourceNames
{
    public static IReadOnlyList<string> Counters { get; } =
        ["greenlets-active", "greenlets-waiting", "hub-ready-length", "hub-load-max", "carriers-count", "carriers-busy"];

    public static IEnumerable<(EventAttribute Event, string Name)> Events => typeof(GreenletEventSource)
        .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Select(method => (Event: method.GetCustomAttribute<EventAttribute>(), method.Name))
        .Where(pair => pair.Event is not null)!;
}
