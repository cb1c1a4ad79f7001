using Mono.Cecil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Which methods of a class implement which methods of the interfaces that it names.</summary>
internal static class InterfaceMap
{
    /// <summary>Pairs of the interface's method and the class's own or inherited one. What is not surely known is left out.</summary>
    public static IEnumerable<(MethodDefinition Slot, MethodDefinition Implementation)> Of(TypeDefinition type)
    {
        if (type.IsInterface || !type.HasInterfaces)
            yield break;
        foreach (var reference in type.Interfaces.Select(static i => i.InterfaceType))
        {
            if (reference.Resolve() is not { } definition)
                continue;
            foreach (var slot in definition.Methods.Where(static m => m.IsVirtual && !m.IsStatic))
            {
                if (Find(type, reference, slot) is { } implementation)
                    yield return (slot, implementation);
            }
        }
    }

    /// <summary>The method of the class that implements the slot of an interface it names; null when it is not surely known.</summary>
    public static MethodDefinition? Find(TypeDefinition type, TypeReference reference, MethodDefinition slot)
    {
        foreach (var method in type.Methods)
        {
            if (method.HasOverrides && method.Overrides.Any(o => o.DeclaringType.FullName == reference.FullName && o.Resolve() == slot))
                return method;
        }

        return type.Methods.FirstOrDefault(m => m.IsVirtual && m.IsPublic && m.Name == slot.Name && Matches(m, reference, slot));
    }

    /// <summary>The method of a struct that a call of an interface's method, or of one of Object's, runs on it; null when it is not surely known.</summary>
    public static MethodDefinition? OfStruct(TypeReference type, MethodReference callee, MethodDefinition slot)
    {
        if (type.Resolve() is not { IsValueType: true } definition)
            return null;
        if (!slot.DeclaringType.IsInterface)
        {
            return definition.Methods.FirstOrDefault(m => m is { IsVirtual: true, IsReuseSlot: true } && m.Name == slot.Name && !m.HasGenericParameters && !slot.HasGenericParameters
                && m.Parameters.Count == slot.Parameters.Count && m.Parameters.Zip(slot.Parameters, static (a, b) => Same(a.ParameterType, b.ParameterType)).All(static s => s));
        }

        var reference = definition.Interfaces.Select(static i => i.InterfaceType).SingleOrDefault(i => InForm(i, type).FullName == callee.DeclaringType.FullName);
        return reference is null ? null : Find(definition, reference, slot);
    }

    private static TypeReference InForm(TypeReference type, TypeReference owner) => owner is GenericInstanceType instance && type.ContainsGenericParameter
        ? TypeMath.Substitute(type, p => p.Type == GenericParameterType.Type ? instance.GenericArguments[p.Position] : p)
        : type;

    private static bool Matches(MethodDefinition method, TypeReference reference, MethodDefinition slot)
    {
        if (method.Parameters.Count != slot.Parameters.Count || method.GenericParameters.Count != slot.GenericParameters.Count)
            return false;
        return Same(method.ReturnType, In(slot.ReturnType)) && method.Parameters.Zip(slot.Parameters, (a, b) => Same(a.ParameterType, In(b.ParameterType))).All(static s => s);

        TypeReference In(TypeReference type) => InForm(type, reference);
    }

    // A method's type parameters have names of their own in each form of it.
    private static bool Same(TypeReference one, TypeReference other) => ByPosition(one).FullName == ByPosition(other).FullName;

    private static TypeReference ByPosition(TypeReference type) => type.ContainsGenericParameter
        ? TypeMath.Substitute(type, static p => p.Type == GenericParameterType.Method ? new TypeReference("", $"!!{p.Position}", null, null) : p)
        : type;
}
