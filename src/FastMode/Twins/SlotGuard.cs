using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace GreenletBridge.FastMode;

/// <summary>Tells for one virtual method whether what would run on a receiver has a twin that the virtual twin reaches.</summary>
/// <remarks>A class that is not woven may override the method and not its twin; then the twin that would run is the wrong one.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class SlotGuard
{
    private readonly ConcurrentDictionary<Type, bool> _known = new();
    private readonly Type _type;
    private readonly MethodInfo _twin;
    private readonly MethodInfo _method;
    private Type? _lastAllowed;
    private Type? _lastDenied;

    /// <summary>Woven code: the guard of a slot.</summary>
    /// <param name="type">Class or interface that declares it.</param>
    /// <param name="twinName">Name of the slot's twin, unique in the type.</param>
    public SlotGuard(RuntimeTypeHandle type, string twinName)
    {
        _type = Type.GetTypeFromHandle(type)!;
        _twin = _type.GetMethod(twinName, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)!;
        _method = (MethodInfo)_type.Module.ResolveMethod(_twin.MetadataToken - 1)!;
    }

    /// <summary>Woven code: whether the slot's twin may be called on the receiver.</summary>
    /// <param name="receiver">Null has no twin: the plain call throws as it should.</param>
    public bool Allows(object? receiver)
    {
        if (receiver is null)
            return false;
        var type = receiver.GetType();
        if (ReferenceEquals(type, _lastAllowed))
            return true;
        if (ReferenceEquals(type, _lastDenied))
            return false;
        if (!(_known.TryGetValue(type, out var allows) ? allows : _known.GetOrAdd(type, Look(type))))
        {
            _lastDenied = type;
            return false;
        }

        _lastAllowed = type;
        return true;
    }

    private bool Look(Type type)
    {
        if (type.IsValueType || type.IsArray || type.IsCOMObject)
            return false;
        return _type.IsInterface ? LookAtInterfaces(type) : LookAtClass(type);
    }

    private bool LookAtClass(Type type)
    {
        var method = Override(type, _method);
        var twin = Override(type, _twin);
        return method is not null && twin is not null && Twins.IsPair(method, twin);
    }

    private bool LookAtInterfaces(Type type)
    {
        var found = false;
        foreach (var candidate in type.GetInterfaces())
        {
            if (!IsSlotOf(candidate))
                continue;
            // All instantiations have to agree: which one is called is not known here.
            var map = type.GetInterfaceMap(candidate);
            var method = TargetOf(map, _method);
            var twin = TargetOf(map, _twin);
            if (method is null || twin is null || !Reaches(map, method, twin, type))
                return false;
            found = true;
        }

        return found;
    }

    /// <summary>Whether the class's form of the interface's twin goes on to the twin of what the interface's method runs.</summary>
    private bool Reaches(InterfaceMapping map, MethodInfo method, MethodInfo twin, Type type)
    {
        // Made by the build for a class that names the interface: calls, virtually, the twin of the method that implements it there.
        if (!twin.Name.EndsWith(TwinName.Forward, StringComparison.Ordinal) || !WovenAssemblies.Contains(twin.Module) || twin.DeclaringType is not { IsInterface: false } owner)
            return false;
        return TargetOf(owner.GetInterfaceMap(map.InterfaceType), _method) is { } implementation
            && Override(type, implementation) is { } final
            && SameDefinition(final, method)
            // What overrides the method in another assembly may have a twin that does not override the twin.
            && Twins.Of(implementation) is { } slotTwin
            && Override(type, slotTwin) is { } finalTwin
            && Twins.IsPair(final, finalTwin);
    }

    private bool IsSlotOf(Type candidate) =>
        candidate == _type || (_type.IsGenericTypeDefinition && candidate.IsGenericType && candidate.GetGenericTypeDefinition() == _type);

    private static MethodInfo? TargetOf(InterfaceMapping map, MethodInfo slot)
    {
        for (var i = 0; i < map.InterfaceMethods.Length; i++)
        {
            if (SameDefinition(map.InterfaceMethods[i], slot))
                return map.TargetMethods[i];
        }

        return null;
    }

    /// <summary>The method that a call of <paramref name="slot"/> runs on an object of the type; null when that is not surely known.</summary>
    private static MethodInfo? Override(Type type, MethodInfo slot)
    {
        if (!slot.IsVirtual)
            return slot;
        var origin = slot.GetBaseDefinition();
        for (var t = type; t is not null; t = t.BaseType)
        {
            foreach (var method in t.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                // With a return type of its own it takes the slot's place without being found as its override.
                if (method.Name == slot.Name && method.IsDefined(typeof(PreserveBaseOverridesAttribute), inherit: false))
                    return null;
                if (method.IsVirtual && SameDefinition(method.GetBaseDefinition(), origin))
                    return method;
            }
        }

        return null;
    }

    private static bool SameDefinition(MethodInfo one, MethodInfo other) => one.MetadataToken == other.MetadataToken && one.Module == other.Module;
}
