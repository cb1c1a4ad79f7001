using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Whether a method as a whole can have a twin.</summary>
internal static class MethodShape
{
    /// <summary>Why it cannot; null when it can.</summary>
    public static (PinCode Code, string Detail)? WhyNot(MethodDefinition method)
    {
        var type = method.DeclaringType;
        if (TypeMath.HasAttribute(method, Names.NoWeave) || IsNoWeave(type))
            return (PinCode.NoWeave, "it or its type is marked [NoWeave]");
        if (method is { IsConstructor: true, IsStatic: true })
            return (PinCode.StaticConstructor, "a static constructor waits: whoever needs the type meanwhile waits for it, on a thread, and two such can wait for each other");
        if (method.IsConstructor && type.IsValueType)
            return (PinCode.Constructor, "a struct's constructor cannot be left and entered again");
        if (TypeMath.Implements(type, "System.Runtime.CompilerServices.IAsyncStateMachine"))
            return (PinCode.AsyncMethod, "it is an async method: what waits in it blocks");
        if (TypeMath.Derives(type, "System.Diagnostics.Tracing.EventSource"))
            return (PinCode.UnusualCode, "every method of an EventSource is an event");
        if (type.IsValueType && method.HasThis && TypeMath.IsByRefLike(type))
            return (PinCode.StructMethod, "it is a method of a ref struct");
        if (type.IsInterface && !method.IsStatic)
            return (PinCode.InterfaceBody, "it is the body of an interface's method");
        if (method.IsSynchronized)
            return (PinCode.Synchronized, "it holds a lock while it runs");
        if (method.CallingConvention == MethodCallingConvention.VarArg || TypeMath.HasAttribute(method, "System.Runtime.InteropServices.UnmanagedCallersOnlyAttribute"))
            return (PinCode.UnusualCode, "it is called by a convention of native code");
        if (method.Parameters.FirstOrDefault(static p => IsBad(p.ParameterType)) is { } parameter)
            return (PinCode.ByRefParameter, $"its parameter {parameter.Name} is a ref struct, or refers to one or to a pointer");
        if (method.Body.Instructions.Any(i => i.OpCode.Code is Code.Starg or Code.Starg_S && TypeMath.WithoutModifiers(((ParameterDefinition)i.Operand).ParameterType) is ByReferenceType))
            return (PinCode.ByRefParameter, "it lets a parameter that is a reference refer to something else");
        if (TypeMath.WhyNotSaved(method.ReturnType) is PinCode.LiveByRef)
            return (PinCode.ByRefReturn, "it returns a reference or a ref struct");
        return OfBody(method);
    }

    /// <summary>Marks that cannot both be meant.</summary>
    /// <exception cref="WeaveException">A method has them.</exception>
    public static void RefuseContradictions(IEnumerable<MethodDefinition> methods)
    {
        foreach (var method in methods.Where(static m => TypeMath.HasAttribute(m, Names.Required)))
        {
            var place = TypeMath.HasAttribute(method, Names.NoWeave) ? "it" : IsNoWeave(method.DeclaringType) ? "its type" : null;
            if (place is not null)
                throw new WeaveException($"{method.DeclaringType.FullName}.{method.Name} is marked [GreenletRequired], and {place} is marked [NoWeave]: remove one of the two.");
        }
    }

    private static (PinCode Code, string Detail)? OfBody(MethodDefinition method)
    {
        if (method.Body.Variables.Any(static v => v.VariableType is PinnedType))
            return (PinCode.FixedMemory, "it has a fixed statement");
        foreach (var instruction in method.Body.Instructions)
        {
            if (instruction.OpCode.Code is Code.Localloc or Code.Jmp or Code.Arglist or Code.Mkrefany or Code.Refanyval)
                return (PinCode.UnusualCode, $"it uses {instruction.OpCode.Name}");
            if (ThreadAffinity.LooksAtStack(instruction))
                return (PinCode.LooksAtStack, $"it calls {((MethodReference)instruction.Operand).FullName}");
        }

        return null;
    }

    private static bool IsBad(TypeReference type) => TypeMath.WithoutModifiers(type) is ByReferenceType reference
        ? TypeMath.WhyNotSaved(reference.ElementType) is not null
        : TypeMath.WhyNotSaved(type) is PinCode.LiveByRef;

    private static bool IsNoWeave(TypeDefinition type)
    {
        for (var t = type; t is not null; t = t.DeclaringType)
        {
            if (TypeMath.HasAttribute(t, Names.NoWeave))
                return true;
        }

        return false;
    }
}
