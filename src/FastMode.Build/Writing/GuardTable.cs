using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GreenletBridge.FastMode.Build;

/// <summary>The class that holds a guard for each slot that woven code calls, and the module's start.</summary>
internal sealed class GuardTable
{
    private readonly ModuleDefinition _module;
    private readonly Runtime _runtime;
    private readonly TypeDefinition _type;
    private readonly ILProcessor _il;
    private readonly Dictionary<MethodDefinition, FieldDefinition> _fields = [];

    public GuardTable(ModuleDefinition module, Runtime runtime)
    {
        _module = module;
        _runtime = runtime;
        const TypeAttributes Attributes = TypeAttributes.NotPublic | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit | TypeAttributes.Class;
        _type = new TypeDefinition("", Names.Slots, Attributes, module.TypeSystem.Object);
        module.Types.Add(_type);
        _il = StaticConstructor(_type).Body.GetILProcessor();
    }

    /// <summary>The field of a slot's guard.</summary>
    public FieldReference FieldOf(MethodDefinition slot, MethodDefinition twin)
    {
        if (_fields.TryGetValue(slot, out var field))
            return field;
        field = new FieldDefinition($"{slot.DeclaringType.FullName}.{twin.Name}", FieldAttributes.Assembly | FieldAttributes.Static | FieldAttributes.InitOnly, _runtime.Guard);
        _type.Fields.Add(field);
        _fields.Add(slot, field);
        _il.Emit(OpCodes.Ldtoken, _module.ImportReference(slot.DeclaringType));
        _il.Emit(OpCodes.Ldstr, twin.Name);
        _il.Emit(OpCodes.Newobj, _runtime.GuardConstructor);
        _il.Emit(OpCodes.Stsfld, field);
        return field;
    }

    /// <summary>Ends the class, and has the module register itself before any of its code runs.</summary>
    public void Finish()
    {
        _il.Emit(OpCodes.Ret);
        var start = _module.Types.Single(static t => t.Name == "<Module>");
        var constructor = start.Methods.SingleOrDefault(static m => m is { IsConstructor: true, IsStatic: true }) ?? StaticConstructor(start);
        var body = constructor.Body;
        var first = body.Instructions.FirstOrDefault();
        var il = body.GetILProcessor();
        var added = new[] { il.Create(OpCodes.Ldtoken, _type), il.Create(OpCodes.Call, _runtime.AddAssembly) };
        foreach (var instruction in added)
        {
            if (first is null)
                il.Append(instruction);
            else
                il.InsertBefore(first, instruction);
        }

        if (first is null)
            il.Emit(OpCodes.Ret);
        _module.Assembly.CustomAttributes.Add(new CustomAttribute(_runtime.WovenAssembly)
        {
            ConstructorArguments = { new CustomAttributeArgument(_module.TypeSystem.Int32, 1) },
        });
    }

    private MethodDefinition StaticConstructor(TypeDefinition type)
    {
        const MethodAttributes Attributes = MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.HideBySig | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        var constructor = new MethodDefinition(".cctor", Attributes, _module.TypeSystem.Void);
        type.Methods.Add(constructor);
        return constructor;
    }
}
