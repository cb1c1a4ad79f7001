using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>A call through a type parameter: what runs is known by its type argument, and of a class by the object.</content>
internal sealed partial class TwinWriter
{
    private void WriteConstrained(CallSite site, List<VariableDefinition> arguments, VariableDefinition? result, Instruction after)
    {
        var plain = Instruction.Create(OpCodes.Nop);
        var check = Instruction.Create(OpCodes.Nop);
        var type = ((ByReferenceType)site.Arguments[0]).ElementType;
        var slotTwin = _twins.TwinOf(site.Target)!;
        var guard = _guards.FieldOf(site.Target, slotTwin);
        if (site.Target.DeclaringType.IsInterface)
            WriteOfStruct(site, arguments, guard, type, check);
        Emit(OpCodes.Ldsfld, guard);
        Emit(OpCodes.Ldloc, arguments[0]);
        Emit(OpCodes.Call, Runtime.Of(_runtime.AllowsIn, type));
        Emit(OpCodes.Brfalse, plain);
        Emit(OpCodes.Ldloc, arguments[0]);
        Emit(OpCodes.Ldobj, type);
        Emit(OpCodes.Box, type);
        LoadForTwin(site, arguments, first: 1);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Ldnull);
        Emit(OpCodes.Callvirt, Generics.As(slotTwin, site.Callee, _module));
        Emit(OpCodes.Br, check);
        WritePlain(site, arguments, result, plain, after);
        _new.Add(check);
    }

    /// <summary>A struct is not boxed: the twin of its own method takes it by reference.</summary>
    private void WriteOfStruct(CallSite site, List<VariableDefinition> arguments, FieldReference guard, TypeReference type, Instruction check)
    {
        var isNone = Instruction.Create(OpCodes.Nop);
        var twin = _delegateLocal ??= AddLocal(_runtime.DelegateTwin);
        Emit(OpCodes.Ldsfld, guard);
        Emit(OpCodes.Call, Runtime.Of(_runtime.FindStruct, type, site.Callee.DeclaringType));
        Emit(OpCodes.Stloc, twin);
        Emit(OpCodes.Ldloc, twin);
        Emit(OpCodes.Brfalse, isNone);
        WriteIndirectCall(site, arguments, twin, hasThis: false, first: 0);
        Emit(OpCodes.Br, check);
        _new.Add(isNone);
    }
}
