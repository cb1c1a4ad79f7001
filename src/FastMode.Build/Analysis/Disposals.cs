using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Which calls of Dispose may wait, as far as the type of what is disposed tells.</summary>
/// <remarks>A using statement is one in a finally block: where it surely does not wait the block stays as it is.</remarks>
internal static class Disposals
{
    /// <summary>Whether the call may run code that waits; with what it can run, where that is known.</summary>
    public static (bool MayWait, IReadOnlyList<MethodDefinition>? Only) Of(Instruction call, MethodDefinition method, SlotTable slots, WovenReferences woven)
    {
        // The base's own form is asked for, or it is a struct.
        if (call.OpCode.Code != Code.Callvirt || (call.Previous is { } prefix && Il.IsPrefix(prefix)))
            return (false, null);
        if (TypeBefore(call, method)?.Resolve() is not { } type)
            return (true, null);
        if (type.Module == method.Module)
            return (true, ImplementationsOf(type, slots));
        return (type.IsInterface || IsOfDatabase(type) || woven.IsWoven(type.Module), null);
    }

    /// <summary>Static type of what the instruction before loads; null when it is no plain load.</summary>
    public static TypeReference? TypeBefore(Instruction call, MethodDefinition method)
    {
        if (call.Previous is not { } load)
            return null;
        if (load.OpCode.Code is Code.Ldfld or Code.Ldsfld)
            return TypeMath.InField((FieldReference)load.Operand);
        if (Il.Local(load, method.Body) is { } local && !Il.Stores(load))
            return local.VariableType;
        var argument = Il.Argument(load, method) - (method.HasThis ? 1 : 0);
        return argument >= 0 && !Il.Stores(load) ? method.Parameters[argument].ParameterType : null;
    }

    private static bool IsOfDatabase(TypeDefinition type)
    {
        for (var t = type; t is not null; t = t.BaseType?.Resolve())
        {
            if (t.Namespace == "System.Data.Common")
                return true;
        }

        return false;
    }

    private static IReadOnlyList<MethodDefinition>? ImplementationsOf(TypeDefinition type, SlotTable slots)
    {
        if (type.IsInterface)
            return null;
        for (var t = type; t is not null && t.Module == type.Module; t = t.BaseType?.Resolve())
        {
            var found = t.Methods.FirstOrDefault(static m => m.HasOverrides && m.Overrides.Any(static o => o.DeclaringType.FullName == "System.IDisposable"))
                ?? t.Methods.FirstOrDefault(static m => m is { Name: "Dispose", IsPublic: true, IsStatic: false, Parameters.Count: 0 });
            if (found is not null)
                return slots.RootOf(found) is { } root ? slots.Members(root) : [found];
        }

        return null;
    }
}
