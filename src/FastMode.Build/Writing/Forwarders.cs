using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Has classes implement the twins of the interfaces that they name, by the twins of the methods that implement the interfaces' own.</summary>
internal sealed class Forwarders(ModuleDefinition module, Runtime runtime, TwinTable twins)
{
    public void Write()
    {
        foreach (var type in module.GetTypes().Where(static t => t is { IsInterface: false, IsValueType: false }).ToList())
        {
            var number = 0;
            foreach (var reference in type.Interfaces.Select(static i => i.InterfaceType).ToList())
            {
                foreach (var slot in reference.Resolve()?.Methods.Where(static m => m is { IsVirtual: true, IsStatic: false }).ToList() ?? [])
                {
                    if (twins.TwinOf(slot) is { } slotTwin && InterfaceMap.Find(type, reference, slot) is { } implementation && twins.TwinOf(implementation) is { } twin)
                        Write(type, reference, slotTwin, twin, ++number);
                }
            }
        }
    }

    private void Write(TypeDefinition type, TypeReference reference, MethodDefinition slotTwin, MethodDefinition twin, int number)
    {
        const MethodAttributes Attributes = MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot | MethodAttributes.HideBySig;
        var forward = new MethodDefinition($"{twin.Name}{number}{Names.Forward}", Attributes, twin.ReturnType);
        Generics.Copy(twin.GenericParameters, forward, p => p.Type == GenericParameterType.Method ? forward.GenericParameters[p.Position] : p);
        foreach (var parameter in twin.Parameters.SkipLast(2))
            forward.Parameters.Add(new ParameterDefinition(parameter.Name, ParameterAttributes.None, parameter.ParameterType));
        forward.Parameters.Add(new ParameterDefinition("stack", ParameterAttributes.None, runtime.Stack));
        forward.Parameters.Add(new ParameterDefinition("frame", ParameterAttributes.None, runtime.Frame));
        var target = slotTwin.Module == module ? slotTwin : module.ImportReference(slotTwin).Resolve();
        var overridden = slotTwin.Module == module ? Generics.On(target, reference) : module.ImportReference(slotTwin);
        if (slotTwin.Module != module && reference is GenericInstanceType)
            overridden.DeclaringType = reference;
        forward.Overrides.Add(overridden);
        var il = forward.Body.GetILProcessor();
        il.Emit(OpCodes.Ldarg_0);
        foreach (var parameter in forward.Parameters)
            il.Emit(OpCodes.Ldarg, parameter);
        var call = Generics.On(twin, TypeMath.Self(type));
        il.Emit(OpCodes.Callvirt, forward.HasGenericParameters ? Runtime.Of(call, forward.GenericParameters) : call);
        il.Emit(OpCodes.Ret);
        type.Methods.Add(forward);
    }
}
