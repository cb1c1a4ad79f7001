using System.Collections;
using System.ComponentModel;
using System.Reflection;

namespace GreenletBridge.FastMode;

/// <summary>The twin of a delegate's method, or of an enumerator's, as woven code calls it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DelegateTwin
{
#pragma warning disable CA1051, MA0069 // Read by woven code
    /// <summary>Address of the twin.</summary>
    public readonly nint Address;

    /// <summary>Whether the twin is an instance method of the delegate's target; else it is static and gets the delegate's arguments alone.</summary>
    public readonly bool IsInstance;
#pragma warning restore CA1051, MA0069

    private DelegateTwin(MethodInfo method, Type? sharedBy = null)
    {
        Method = method;
        SharedBy = sharedBy;
        Address = method.MethodHandle.GetFunctionPointer();
        IsInstance = !method.IsStatic;
    }

    internal MethodInfo Method { get; }

    /// <summary>The type of the delegate's target where the method's address may be that of other types' methods, too; else null.</summary>
    internal Type? SharedBy { get; }

    /// <summary>Null when the delegate has no twin, or one that cannot be called by its arguments alone.</summary>
    internal static DelegateTwin? Make(Delegate code)
    {
        var method = code.Method;
        if (!code.HasSingleTarget || Twins.Of(method) is not { } twin)
            return null;
        var invoke = code.GetType().GetMethod("Invoke")!;
        // Closed over the first argument of a static method, or open over an instance: rare, and called plainly.
        if (method.GetParameters().Length != invoke.GetParameters().Length || method.IsStatic == (code.Target is not null))
            return null;
        return method.DeclaringType!.IsValueType ? null : new DelegateTwin(twin, method.DeclaringType.IsGenericType ? code.Target?.GetType() : null);
    }

    /// <summary>Null when what implements an interface's method in a struct has no twin.</summary>
    internal static DelegateTwin? OfStruct(MethodInfo method) =>
        method.DeclaringType is { IsValueType: true } && Twins.Of(method) is { } twin ? new DelegateTwin(twin) : null;

    /// <summary>Null when what an enumerator of the type runs to go on has no twin.</summary>
    internal static DelegateTwin? OfIterator(Type type) => typeof(Steps).IsAssignableFrom(type)
        ? new DelegateTwin(type.GetMethod(nameof(Steps.MoveNext), [typeof(WovenStack), typeof(Frame)])!)
        : OfInterface(type, typeof(IEnumerator), nameof(IEnumerator.MoveNext));

    /// <summary>Null when what implements an interface's method in the type has no twin.</summary>
    internal static DelegateTwin? OfInterface(Type type, Type contract, string name)
    {
        if (type.IsValueType || type.IsArray || type.IsCOMObject || !contract.IsAssignableFrom(type))
            return null;
        var map = type.GetInterfaceMap(contract);
        var method = map.TargetMethods[Array.FindIndex(map.InterfaceMethods, m => m.Name == name)];
        return method is { DeclaringType: { IsInterface: false, IsValueType: false } } && Twins.Of(method) is { } twin ? new DelegateTwin(twin) : null;
    }
}
