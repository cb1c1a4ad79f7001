using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>Lets a module call the twins of others, which are no part of their public surface.</summary>
internal static class AccessToTwins
{
    private const string Namespace = "System.Runtime.CompilerServices";
    private const string Name = "IgnoresAccessChecksToAttribute";

    /// <summary>The runtime goes by the attribute's name; each assembly declares its own.</summary>
    public static void Grant(ModuleDefinition module, IReadOnlyCollection<string> assemblies)
    {
        if (assemblies.Count == 0)
            return;
        var constructor = module.GetType(Namespace, Name)?.Methods.First(static m => m.IsConstructor) ?? Declare(module);
        foreach (var assembly in assemblies)
        {
            module.Assembly.CustomAttributes.Add(new CustomAttribute(constructor)
            {
                ConstructorArguments = { new CustomAttributeArgument(module.TypeSystem.String, assembly) },
            });
        }
    }

    private static MethodDefinition Declare(ModuleDefinition module)
    {
        var attribute = new TypeReference("System", "Attribute", module, module.TypeSystem.CoreLibrary);
        var type = new TypeDefinition(Namespace, Name, TypeAttributes.NotPublic | TypeAttributes.Sealed | TypeAttributes.Class, attribute);
        const MethodAttributes Attributes = MethodAttributes.Public | MethodAttributes.HideBySig | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        var constructor = new MethodDefinition(".ctor", Attributes, module.TypeSystem.Void);
        constructor.Parameters.Add(new ParameterDefinition("assemblyName", ParameterAttributes.None, module.TypeSystem.String));
        var il = constructor.Body.GetILProcessor();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, new MethodReference(".ctor", module.TypeSystem.Void, attribute) { HasThis = true });
        il.Emit(OpCodes.Ret);
        type.Methods.Add(constructor);
        module.Types.Add(type);
        return constructor;
    }
}
