using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using GreenletBridge.FastMode;

namespace GreenletBridge.Hosting;

/// <summary>The woven form of handlers and actions, and what they are called with.</summary>
internal static class WovenForm
{
    private static readonly ConcurrentDictionary<MethodInfo, WovenMethod?> _known = new();

    /// <summary>Null when it was not woven, or gives something to be awaited: whoever calls it plainly awaits that.</summary>
    public static WovenMethod? Of(MethodInfo method) => _known.GetOrAdd(method, static m => IsAwaitable(m.ReturnType) ? null : WovenMethod.Find(m));

    /// <summary>The arguments that were bound; what was not has its default, as when MVC itself calls.</summary>
    public static object?[] Arguments(MethodInfo method, IDictionary<string, object?> bound) => Array.ConvertAll(
        method.GetParameters(),
        parameter => parameter.Name is { } name && bound.TryGetValue(name, out var value) ? value
            : parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? RuntimeHelpers.GetUninitializedObject(parameter.ParameterType) : null);

    private static bool IsAwaitable(Type type) => type.GetMethod(nameof(Task.GetAwaiter), Type.EmptyTypes) is not null;
}
