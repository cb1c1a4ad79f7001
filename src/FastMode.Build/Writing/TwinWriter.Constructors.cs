using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <content>Constructors of classes: their twins are ordinary methods, called on an object that has not been constructed.</content>
internal sealed partial class TwinWriter
{
    private void WriteNew(CallSite site, List<VariableDefinition> arguments, VariableDefinition made)
    {
        Emit(OpCodes.Call, Runtime.Of(_runtime.NewObject, site.Callee.DeclaringType));
        Emit(OpCodes.Stloc, made);
        Emit(OpCodes.Ldloc, made);
        LoadForTwin(site, arguments);
        Emit(OpCodes.Ldarg, StackArgument);
        Emit(OpCodes.Ldnull);
        Emit(OpCodes.Call, Generics.As(_twins.TwinOf(site.Target)!, site.Callee, _module));
    }

    /// <summary>A constructor has its class initialized; a method does not.</summary>
    private void WriteClassConstructor()
    {
        var type = _twin.DeclaringType;
        if (!_plan.Method.IsConstructor || type.IsBeforeFieldInit || !type.Methods.Any(static m => m is { IsConstructor: true, IsStatic: true }))
            return;
        Emit(OpCodes.Ldtoken, TypeMath.Self(type));
        Emit(OpCodes.Call, _runtime.RunClassConstructor);
    }
}
