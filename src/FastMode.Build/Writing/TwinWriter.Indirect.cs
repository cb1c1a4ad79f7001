using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>Calls of twins by their address: of a delegate's method, of an enumerator's.</content>
internal sealed partial class TwinWriter
{
    private void WriteDelegate(CallSite site, List<VariableDefinition> arguments, VariableDefinition? result, Instruction after)
    {
        var plain = Instruction.Create(OpCodes.Nop);
        var check = Instruction.Create(OpCodes.Nop);
        var isStatic = Instruction.Create(OpCodes.Nop);
        var twin = _delegateLocal ??= AddLocal(_runtime.DelegateTwin);
        Emit(OpCodes.Ldloc, arguments[0]);
        Emit(OpCodes.Call, _runtime.FindDelegate);
        Emit(OpCodes.Stloc, twin);
        Emit(OpCodes.Ldloc, twin);
        Emit(OpCodes.Brfalse, plain);
        Emit(OpCodes.Ldloc, twin);
        Emit(OpCodes.Ldfld, _runtime.IsInstance);
        Emit(OpCodes.Brfalse, isStatic);
        Emit(OpCodes.Ldloc, arguments[0]);
        Emit(OpCodes.Call, _runtime.Target);
        WriteIndirectCall(site, arguments, twin, hasThis: true);
        Emit(OpCodes.Br, check);
        _new.Add(isStatic);
        WriteIndirectCall(site, arguments, twin, hasThis: false);
        Emit(OpCodes.Br, check);
        WritePlain(site, arguments, result, plain, after);
        _new.Add(check);
    }

    /// <summary>As a delegate: by the receiver's exact type the twin of what it runs is known.</summary>
    private void WriteIterator(CallSite site, List<VariableDefinition> arguments, VariableDefinition? result, Instruction after)
    {
        var plain = Instruction.Create(OpCodes.Nop);
        var check = Instruction.Create(OpCodes.Nop);
        var twin = _delegateLocal ??= AddLocal(_runtime.DelegateTwin);
        Emit(OpCodes.Ldloc, arguments[0]);
        Emit(OpCodes.Call, _runtime.FindIterator);
        Emit(OpCodes.Stloc, twin);
        Emit(OpCodes.Ldloc, twin);
        Emit(OpCodes.Brfalse, plain);
        Emit(OpCodes.Ldloc, arguments[0]);
        WriteIndirectCall(site, arguments, twin, hasThis: true);
        Emit(OpCodes.Br, check);
        WritePlain(site, arguments, result, plain, after);
        _new.Add(check);
    }

    /// <summary>Calls the twin with the site's arguments behind the object, which is on the stack if there is one.</summary>
    private void WriteIndirectCall(CallSite site, List<VariableDefinition> arguments, VariableDefinition twin, bool hasThis, int first = 1)
    {
        LoadForTwin(site, arguments, first);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Ldnull);
        Emit(OpCodes.Ldloc, twin);
        Emit(OpCodes.Ldfld, _runtime.Address);
        var signature = new Mono.Cecil.CallSite(site.ReturnType) { HasThis = hasThis };
        var types = site.Arguments.Select((type, i) => site.PassesRef(i) ? _runtime.RefOf(((ByReferenceType)type).ElementType) : type);
        foreach (var type in types.Skip(first).Append(_runtime.Stack).Append(_runtime.Frame))
            signature.Parameters.Add(new ParameterDefinition(type));
        _new.Add(Instruction.Create(OpCodes.Calli, signature));
    }
}
